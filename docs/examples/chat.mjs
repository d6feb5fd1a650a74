// The official OpenAI client, pointed at a gateway by OPENAI_BASE_URL and OPENAI_API_KEY.
import OpenAI from 'openai';

const openai = new OpenAI();

const stream = await openai.chat.completions.create({
    model: process.env.COCOON_MODEL ?? 'tiny-demo',
    messages: [{ role: 'user', content: 'What is the capital of France?' }],
    max_tokens: 64,
    stream: true,
});

for await (const { choices, cocoon } of stream) {
    process.stdout.write(choices[0]?.delta.content ?? '');
    if (cocoon) console.error(`\nNode ${cocoon.node.slice(0, 8)} earned ${cocoon.price} nanoTON.`);
}
