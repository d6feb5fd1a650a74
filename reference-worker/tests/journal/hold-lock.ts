import { Journal } from '../../src/journal';

// Opens the journal named on the command line and keeps it until killed.
Journal.open(process.argv[2]!);
process.stdout.write('held\n');
setInterval(() => {}, 1000);
