import { bytesToUtf8 } from '../utils';
import { DisclosureNotAcknowledgedError } from './errors';

/** One thing that becomes public. */
export type DisclosedPart = {
    /** What it is, for people; no content in it. */
    readonly label: string;
    /** Bytes that are published. */
    readonly bytes: number;
    /** The text as everybody will be able to read it. */
    readonly text: string;
};

/** What a message makes public for ever, for everybody, on chain. */
export type DisclosurePreview = {
    readonly parts: readonly DisclosedPart[];
    /** Of all parts. */
    readonly bytes: number;
};

/** What a caller says who has seen the preview. */
export type Acknowledgement = {
    /** True: what the preview lists may become public for ever. Anything else throws DisclosureNotAcknowledgedError. */
    readonly acknowledgePublic: boolean;
};

export function previewOf(parts: readonly DisclosedPart[]): DisclosurePreview {
    return { parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** A part whose text is bytes of UTF-8. */
export function textPart(label: string, bytes: Uint8Array): DisclosedPart {
    return { label, bytes: bytes.length, text: bytesToUtf8(bytes) ?? '(not text)' };
}

/** Throws DisclosureNotAcknowledgedError, which has the preview. */
export function assertAcknowledged({ acknowledgePublic }: Acknowledgement, preview: DisclosurePreview): void {
    if (acknowledgePublic !== true) throw new DisclosureNotAcknowledgedError(preview);
}

/** All of both. */
export function joinPreviews(a: DisclosurePreview, b: DisclosurePreview): DisclosurePreview {
    return previewOf([...a.parts, ...b.parts]);
}
