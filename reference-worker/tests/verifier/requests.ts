import type { ClaimedRequest } from 'cocoon-sdk';

const QUESTIONS = [
    'Tell me a story about a dog.',
    'What is TON?',
    'Explain how blockchains work',
    'Tell me a story about a robot named Leo',
    'List 5 fruits',
    'What is 34 + 57?',
    'Tell me a joke',
    'Count to 15',
    'Write a short story about a brave fox',
    'What is the capital of Japan?',
];
const SAMPLINGS = [
    { temperature: 0 },
    {},
    { temperature: 0.7, top_p: 0.9 },
    { temperature: 1.5 },
    { top_p: 0.8 },
    { temperature: 2, max_tokens: 256 },
    { temperature: 0.3 },
    { frequency_penalty: 0.5, presence_penalty: 0.3 },
    { temperature: 0, frequency_penalty: 0.4 },
    { temperature: 1.2, top_p: 0.95, max_tokens: 12 },
    { stop: ['.', '7, 8'] },
    { temperature: 0, stop: [' the'] },
];

export const chat = (content: string, sampling: object): ClaimedRequest => ({
    task: 'chat',
    body: { messages: [{ role: 'user', content }], max_tokens: 160, ...sampling },
});

/** The number-th of endlessly many requests: every question with every way of sampling, and texts to go on with. */
export function requestOf(number: number): ClaimedRequest {
    const question = QUESTIONS[number % QUESTIONS.length]!;
    const round = Math.floor(number / QUESTIONS.length);
    const sampling = { ...SAMPLINGS[round % SAMPLINGS.length], seed: number };
    if (number % 9 !== 4) return chat(question, sampling);
    return {
        task: 'completion',
        body: { prompt: `Once there was ${question}`, max_tokens: 64, ...sampling },
    };
}

/** Requests whose answers are long and leave the model much choice: where weights that are a little other show. */
export const OPEN_REQUESTS: readonly ClaimedRequest[] = [1, 2, 3, 4].flatMap((seed) =>
    [
        'Tell me a story about a dog.',
        'Write a short story about a brave fox',
        'Explain how blockchains work',
    ].map((question) => chat(question, { temperature: 2, max_tokens: 256, seed })),
);
