export {
    MessageNotExecutedError,
    WalletKeyMismatchError,
    WalletNotDeployedError,
    WalletOutcomeUnknownError,
    WalletUnfundedError,
} from './errors';
export { senderFrom } from './external-sender';
export type { MessageSender, OutgoingMessage, SentMessages } from './message-sender';
export { memoryPendingStore, type PendingMessage, type PendingStore } from './pending';
export { type SendAndWaitOptions, sendAndWait } from './send-and-wait';
export type { Wallet, WalletContract } from './wallet-contract';
export { createWalletSender, type WalletSender, type WalletSenderOptions } from './wallet-sender';
