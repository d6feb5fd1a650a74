import { exitCodes } from 'cocoon-wrappers';
import { CONTRACT_REMEDIES, contractExitCodes } from '.';

it('has name, meaning and remedy for every exit code of the contracts', () => {
    const codes = Object.entries(exitCodes);
    expect(codes.length).toBeGreaterThan(50);
    for (const [code, { name, meaning }] of codes) {
        expect(contractExitCodes[Number(code)]).toEqual({ name, meaning, remedy: CONTRACT_REMEDIES[name] });
        expect(CONTRACT_REMEDIES[name]).toMatch(/^[A-Z].{15,}[.]$/s);
    }
    expect(Object.keys(contractExitCodes)).toHaveLength(codes.length);
    expect(Object.keys(CONTRACT_REMEDIES).sort()).toEqual(codes.map(([, { name }]) => name).sort());
});
