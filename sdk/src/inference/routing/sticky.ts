/** Which node a conversation went to last; forgets the longest unused beyond `capacity`. */
export class StickyNodes {
    private readonly nodes = new Map<number, string>();

    constructor(private readonly capacity = 10_000) {}

    get(conversation: number): string | undefined {
        return this.nodes.get(conversation);
    }

    set(conversation: number, node: string): void {
        // Maps keep insertion order: what is set again becomes the newest.
        this.nodes.delete(conversation);
        this.nodes.set(conversation, node);
        if (this.nodes.size > this.capacity) {
            for (const oldest of this.nodes.keys()) {
                this.nodes.delete(oldest);
                break;
            }
        }
    }
}
