import { SAMPLING } from './chat-parameters';
import {
    boolean,
    type Check,
    either,
    fields,
    integer,
    list,
    oneOf,
    only,
    string,
    unsupported,
} from './check';

const tokenIds = list(integer(0, 0xffff_ffff), 1, 1_048_576);
const prompts: Check = (value, at) => {
    if (Array.isArray(value) && value.length > 1 && typeof value[0] !== 'number')
        unsupported(at, 'Sessions answer one prompt: send one request for each.');
    either(
        'a string or a list of token ids',
        string,
        list(string, 1, 1),
        tokenIds,
        list(tokenIds, 1, 1),
    )(value, at);
};

export const checkCompletion = fields(
    { model: string, prompt: prompts },
    {
        ...SAMPLING,
        best_of: only(1, 'Sessions answer one choice: send one request for each.'),
        echo: boolean,
        suffix: string,
        logprobs: integer(0, 5),
    },
);

export const checkEmbedding = fields(
    {
        model: string,
        input: either(
            'a string, a list of strings, or token ids',
            string,
            list(string, 1, 2_048),
            tokenIds,
            list(tokenIds, 1, 2_048),
        ),
    },
    { dimensions: integer(1, 65_536), encoding_format: oneOf('float', 'base64'), user: string },
);
