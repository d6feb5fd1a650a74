import { until, untilStill } from './until';

it('looks until there is something, and gives it', async () => {
    let looks = 0;
    expect(await until(async () => (++looks === 3 ? 'there' : undefined), { every: 1 })).toBe('there');
    expect(looks).toBe(3);
});

it('gives up after its time and shows what was wanted, or what there is instead', async () => {
    const never = () => false;
    await expect(until(never, { timeout: 5, every: 1 })).rejects.toThrow(/^Not in 5 ms: \(\) ?=> ?false$/);
    await expect(until(never, { timeout: 5, every: 1, failure: () => 'a broken pipe' })).rejects.toThrow(
        'Not in 5 ms: a broken pipe',
    );
});

it('does not look again where looking fails', async () => {
    let looks = 0;
    const broken = () => {
        looks++;
        throw new Error('no such process');
    };
    await expect(until(broken, { every: 1 })).rejects.toThrow('no such process');
    expect(looks).toBe(1);
});

it('waits for a number to stand still', async () => {
    const values = [1, 2, 3, 3];
    let look = 0;
    await untilStill(() => values[Math.floor(look++ / 2)]!, { every: 1 });
    expect(look).toBe(8);
});
