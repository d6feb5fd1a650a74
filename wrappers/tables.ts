/** Tables that the contract build makes: opcodes by message name, exit codes with their meaning. */
export { exitCodes, opcodes } from '../build/artifacts';
