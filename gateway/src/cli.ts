import { exitCodesHelp, runProgram } from 'cocoon-daemon';
import { Command } from 'commander';
import { check } from './cli/check';
import { createCommand, listCommand, revokeCommand } from './cli/keys';
import { ledger } from './cli/ledger';
import { run } from './cli/run';
import { settle } from './cli/settle';
import { ExitCode } from './exit-codes';

function program(): Command {
    const root = new Command('cocoon-gateway')
        .description(
            'The OpenAI API in front of Cocoon: private inference, paid by vouchers out of one deposit',
        )
        .addHelpText('after', exitCodesHelp(ExitCode))
        .exitOverride();
    const config = [
        '-c, --config <path>',
        'gateway.yaml',
        process.env.COCOON_GATEWAY_CONFIG ?? 'gateway.yaml',
    ] as const;
    root.command('run')
        .description('serve until SIGINT or SIGTERM; the first drains, the second stops at once')
        .option(...config)
        .action(run);
    root.command('check')
        .description('check config, secrets, database, RPC, wallet and models, then exit')
        .option(...config)
        .action(check);
    const keys = root
        .command('keys')
        .description('API keys (with the embedded database: while the gateway is stopped)');
    keys.command('create')
        .description('make a key; it is shown once')
        .requiredOption('-n, --name <name>', 'what it is for')
        .option('--model <name...>', 'models that it may use; default: all')
        .option('--rpm <count>', 'requests per minute')
        .option('--tpm <count>', 'tokens per minute')
        .option('--max-tokens <count>', 'most tokens of one answer')
        .option('--budget <amount>', 'all that it may ever spend, as "2.5 TON" or in nanoTON')
        .option('--period-budget <amount>', 'what it may spend in a period')
        .option('--period <period>', 'hour, day, week or month (UTC)')
        .option(...config)
        .action(createCommand);
    keys.command('list')
        .description('all keys with what they spent')
        .option('--json', 'one JSON object a line')
        .option(...config)
        .action(listCommand);
    keys.command('revoke')
        .description('end a key; gateways that run notice within 10 seconds')
        .argument('<id>', 'key_…')
        .option(...config)
        .action(revokeCommand);
    root.command('ledger')
        .description('what was spent: rows of requests, or sums by key and model')
        .option('-k, --key <id>', 'only of this key')
        .option('--since <time>', 'ISO time; default: 24 hours ago')
        .option('--rows', 'one line a request')
        .option('--json', 'one JSON object a line')
        .option(...config)
        .action(ledger);
    root.command('settle')
        .description('take back what is allocated to nodes; while no gateway runs')
        .option('--withdraw', 'send what is free then to the wallet')
        .option('--wait', 'wait for the delay of the vault where a node does not answer')
        .option(...config)
        .action(settle);
    return root;
}

await runProgram('cocoon-gateway', () => program().parseAsync());
