import { CocoonError } from '../../src';

/** The CocoonError that `act` throws or rejects with; fails when there is none. */
export async function captureError(act: () => unknown): Promise<CocoonError> {
    try {
        await act();
    } catch (error) {
        expect(error).toBeInstanceOf(CocoonError);
        return error as CocoonError;
    }
    throw new Error('no error was thrown');
}
