import { heading } from '../../report';
import type { Inspection } from './capture';

/** At most so many of what was found. */
const SHOWN = 10;

export function printPrivacy({ sealed, readable }: Inspection, answers: number): void {
    heading('What others could read');
    const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    console.log(
        `  Every byte that gateway and nodes sent to each other and to the chain, wrote to disk, logged or measured:`,
    );
    console.log(
        `  ${size(sealed.bytes)} in ${sealed.files} files, searched for ${answers} questions and their answers.`,
    );
    console.log(
        sealed.leaks.length === 0
            ? '  Not one of them is in there, in no encoding.'
            : `  ${sealed.leaks.length} of them were found: this is a bug.`,
    );
    for (const { needle, where, offset } of sealed.leaks.slice(0, SHOWN)) {
        console.log(`    ${where}, byte ${offset}, as ${needle.encoding}`);
    }
    console.log(
        `  (The same search finds ${readable.texts.size} passages in what the gateway told the application, as it should.)`,
    );
}
