import { exitCodesHelp, runProgram } from 'cocoon-daemon';
import { Command } from 'commander';
import { chat } from './cli/chat';
import { check } from './cli/check';
import { keys } from './cli/keys';
import { checkManifest, DEFAULT_TOLERANCE, makeManifest } from './cli/manifest';
import { run } from './cli/run';
import { ExitCode } from './exit-codes';

function program(): Command {
    const root = new Command('cocoon-worker')
        .description('Claims inference jobs on TON, runs them, submits the results, and is paid')
        .addHelpText('after', exitCodesHelp(ExitCode))
        .exitOverride();
    const config = [
        '-c, --config <path>',
        'worker.yaml',
        process.env.COCOON_WORKER_CONFIG ?? 'worker.yaml',
    ] as const;
    root.command('run')
        .description('serve until SIGINT or SIGTERM; the first drains, the second stops at once')
        .option(...config)
        .action(run);
    root.command('check')
        .description('check config, keys, journal, model files, engines and RPC, then exit')
        .option(...config)
        .action(check);
    root.command('keys')
        .description(
            'make a wallet, an operator key and an encryption key (file mode 600), or show the public halves',
        )
        .requiredOption('-o, --out <path>', 'secrets file to write; an existing one is only shown')
        .option('--wallet-version <version>', 'v5r1 or v4', 'v5r1')
        .option(
            '--network-id <id>',
            'network id that a v5r1 wallet address binds (-239 mainnet, -3 testnet)',
            '-239',
        )
        .action(keys);
    root.command('chat')
        .description('send one prompt to a configured model on this machine; nothing goes to the network')
        .argument('<prompt>')
        .option(...config)
        .option('-m, --model <name>', 'model name; default: the first')
        .option('--max-tokens <count>', 'most tokens to generate')
        .option('--temperature <value>', '0 is greedy', '0')
        .action(chat);
    const manifest = root
        .command('manifest')
        .description('make or check the manifest of a model; its SHA-256 is the model id on chain');
    manifest
        .command('make')
        .description('describe a GGUF file, or a folder of safetensors for vLLM')
        .argument('<path>')
        .requiredOption('--license <name>', 'SPDX name of the license of the weights')
        .option('-o, --out <file>', 'file to write; default: standard output')
        .option('--name <name>', 'default: the name of the file')
        .option('--revision <text>', 'tells manifests of one model apart', '1')
        .option(
            '--context-length <tokens>',
            'what every node serves; default: what the model was trained for',
        )
        .option('--engine-version <text>', 'default: the installed llama.cpp')
        .option('--deterministic', 'every machine gives the same tokens and log-probabilities')
        .option(
            '--mean-difference <ppm>',
            'tolerance, see docs/spec/verification.md',
            DEFAULT_TOLERANCE.meanDifferencePpm,
        )
        .option('--mean-square <ppm>', 'tolerance', DEFAULT_TOLERANCE.meanSquarePpm)
        .option('--full-difference <ppm>', 'tolerance', DEFAULT_TOLERANCE.fullDifferencePpm)
        .option('--largest-difference <ppm>', 'tolerance', DEFAULT_TOLERANCE.largestDifferencePpm)
        .action(makeManifest);
    manifest
        .command('check')
        .description('check a manifest, print its model id, and compare it with files')
        .argument('<manifest>')
        .argument('[path]', 'GGUF file, or folder of safetensors')
        .action((file: string, path: string | undefined) => checkManifest(file, path));
    return root;
}

await runProgram('cocoon-worker', () => program().parseAsync());
