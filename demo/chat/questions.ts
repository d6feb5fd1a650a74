/** One user's talk with the assistant, question by question. */
export interface Conversation {
    readonly user: string;
    readonly questions: readonly string[];
}

/** Shown word by word in the terminal. */
export const SHOWN: readonly Conversation[] = [
    { user: 'Alice', questions: ['What is TON?', 'What is a smart contract?', 'What is a blockchain?'] },
    { user: 'Bob', questions: ['What is the capital of France?', 'Tell me a long story.'] },
    { user: 'Carol', questions: ['What is a neural network?', 'Tell me a story about a robot.'] },
];

const PLACES = ['Spain', 'Japan', 'Italy', 'Egypt', 'France'];
const SUMS = ['7 + 5', '12 + 8', '3 + 4', '9 + 6', '5 + 5'];
const SUBJECTS = ['AI', 'a wallet', 'a smart contract', 'a blockchain', 'a neural network'];
const HEROES = ['a dog', 'a robot', 'a fox', 'rain', 'a cat'];

/** Asked several at a time, so that there are many: `count` of them. */
export function quickQuestions(count: number): string[] {
    const kinds = [
        ...PLACES.map((place) => `What is the capital of ${place}?`),
        ...SUMS.map((sum) => `What is ${sum}?`),
        ...SUBJECTS.map((subject) => `What is ${subject}?`),
        ...HEROES.map((hero) => `Tell me a story about ${hero}.`),
    ];
    return Array.from({ length: count }, (_, i) => kinds[i % kinds.length]!);
}
