import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginCell } from '@ton/core';
import { BuildFolder, withCode } from '../../tools/mutation/build-folder';
import { readRegister, reasonOf } from '../../tools/mutation/register';
import { groupScores, type Result, scoreOf, survivorsOf } from '../../tools/mutation/report';
import { affectedBy, sourcesOf, specsOf, targets } from '../../tools/mutation/targets';

const root = process.cwd();

const result = (end: Result['end'], file = 'a.tact'): Result => ({
    mutant: { file, operator: 'constant', line: 3, start: 0, end: 1, replacement: '2' },
    before: 'x = 1;',
    after: 'x = 2;',
    end,
});

describe('the score', () => {
    it('counts neither what is the same program nor what is argued', () => {
        const results = [
            ...Array<Result>(18).fill(result('killed')),
            result('timeout'),
            result('survived'),
            result('argued'),
            result('equivalent'),
            result('duplicate'),
            result('invalid'),
        ];
        expect(scoreOf(results)).toEqual({ killed: 19, survived: 1, argued: 1, score: 0.95 });
    });

    it('is told by group, and survivors by place and change', () => {
        const results = [result('killed', 'a.tact'), result('survived', 'b.tact')];
        const scores = groupScores(results, ({ mutant }) => mutant.file);
        expect(scores['a.tact']!.score).toBe(1);
        expect(scores['b.tact']!.score).toBe(0);
        expect(survivorsOf(results)).toEqual(['b.tact:3 (constant)\n  - x = 1;\n  + x = 2;']);
    });
});

describe('the register', () => {
    it('knows a mutant by file and lines, wherever they stand', () => {
        const register = [{ file: 'a', before: 'x', after: 'y', reason: 'because' }];
        expect(reasonOf(register, { file: 'a', before: 'x', after: 'y' })).toBe('because');
        expect(reasonOf(register, { file: 'a', before: 'x', after: 'z' })).toBeUndefined();
    });

    it('argues only about lines that are there, each with a reason', () => {
        for (const { file, before, reason } of readRegister(root)) {
            expect(readFileSync(join(root, file), 'utf8').replace(/\s+/g, ' ')).toContain(before);
            expect(reason.length).toBeGreaterThan(20);
        }
    });
});

describe('targets', () => {
    it.each(targets)('%s has sources and specs', (target) => {
        expect(sourcesOf(root, target).length).toBeGreaterThan(0);
        expect(specsOf(root, target).length).toBeGreaterThan(0);
    });

    it('finds the projects that a file is part of through imports', () => {
        const sources: Record<string, string> = {
            'contracts/a/a.tact': 'import "./b.tact";',
            'contracts/a/b.tact': 'import "../common/c.tact";',
            'contracts/common/c.tact': '',
            'contracts/d/d.tact': '',
        };
        const projects = ['a', 'd'].map((name) => ({
            name,
            path: `contracts/${name}/${name}.tact`,
            output: '',
        }));
        const affected = affectedBy('contracts/common/c.tact', projects, (file) => sources[file]!);
        expect(affected.map(({ name }) => name)).toEqual(['a']);
    });
});

describe('a build folder', () => {
    it('takes a mutant in and gives the original back, and leaves build/ alone', () => {
        const directory = mkdtempSync(join(tmpdir(), 'cocoon-mutation-'));
        const original = join(directory, 'build');
        mkdirSync(join(original, 'A'), { recursive: true });
        const artifacts = '"A": {\n    "boc": "x",\n    "hash": "0x0",\n    "depth": 9\n  }';
        writeFileSync(join(original, 'artifacts.ts'), artifacts);
        writeFileSync(join(original, 'A', 'A_A.ts'), 'original');
        const folder = new BuildFolder(original, join(directory, 'copy'));
        const read = (at: string, file: string) => readFileSync(join(at, file), 'utf8');
        const code = beginCell().storeUint(1, 8).endCell();
        folder.put([{ name: 'A', binding: 'mutant', code }]);
        expect(read(folder.path, 'A/A_A.ts')).toBe('mutant');
        expect(read(folder.path, 'artifacts.ts')).toBe(withCode(artifacts, { name: 'A', code }));
        expect(read(folder.path, 'artifacts.ts')).toContain(`"hash": "0x${code.hash().toString('hex')}"`);
        expect(read(original, 'artifacts.ts')).toBe(artifacts);
        folder.restore();
        expect(read(folder.path, 'A/A_A.ts')).toBe('original');
        expect(read(folder.path, 'artifacts.ts')).toBe(artifacts);
        rmSync(directory, { recursive: true });
        expect(existsSync(original)).toBe(false);
    });
});
