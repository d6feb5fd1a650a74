export { checkStep, reportOk } from './checks';
export { exitCodesHelp, runProgram } from './program';
