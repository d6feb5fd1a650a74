export { Channel, type ChannelOptions } from './channel';
export { MAX_FRAME, ProtocolError, WINDOW } from './frames';
export { type Challenge, CloseCode, type Proof, proofDigest, provenKey } from './proof';
export { Stream, StreamReset } from './stream';
