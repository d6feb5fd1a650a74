import { type AnswerEvidence, type Cocoon, previewDisclosure } from 'cocoon-sdk';

/** Accuses the node of an answer, once somebody has agreed to what becomes public. */
export async function disputeAnswer(
    cocoon: Cocoon,
    evidence: AnswerEvidence,
    agree: (whatBecomesPublic: string) => Promise<boolean>,
) {
    const { parts } = previewDisclosure(evidence);
    const acknowledgePublic = await agree(parts.map(({ label, text }) => `${label}\n${text}`).join('\n'));
    const { dispute } = await cocoon.disputes.openForReceipt({ evidence, acknowledgePublic });
    await cocoon.disputes.discloseSession({ dispute, evidence, acknowledgePublic });
    for await (const event of cocoon.disputes.watch({ dispute })) {
        if (event.type === 'resolved') return event.outcome;
    }
    return undefined;
}
