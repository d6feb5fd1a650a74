import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Chromium as distributions install it; another one by CHROMIUM_PATH. */
export const chromiumPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser']
    .filter((path) => path !== undefined)
    .find((path) => existsSync(path));

const FLAGS = [
    '--no-sandbox', // tests may run as root in a container
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

/** The example page of a consumer: bundled, served and open in a browser. */
export class OpenPage {
    private constructor(
        readonly page: Page,
        private readonly browser: Browser,
        private readonly server: Server,
        /** What went wrong in the page without anybody handling it. */
        readonly errors: string[],
    ) {}

    /** @param tsconfig where packages of the repository come from, when not from the folder's node_modules. */
    static async open(folder: string, query: Record<string, string>, tsconfig?: string): Promise<OpenPage> {
        await build({
            entryPoints: [join(folder, 'main.ts')],
            bundle: true,
            format: 'esm',
            outdir: folder,
            tsconfig,
            logLevel: 'silent',
        });
        const server = await serve(folder);
        const browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
        const page = await browser.newPage({ viewport: { width: 900, height: 640 } });
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(String(error)));
        page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
        const { port } = server.address() as AddressInfo;
        await page.goto(`http://127.0.0.1:${port}/?${new URLSearchParams(query)}`);
        return new OpenPage(page, browser, server, errors);
    }

    async close(): Promise<void> {
        await this.browser.close();
        this.server.closeAllConnections();
        this.server.close();
    }
}

async function serve(folder: string): Promise<Server> {
    const server = createServer((request, response) => {
        const name = new URL(request.url!, 'http://localhost').pathname.slice(1) || 'index.html';
        const file = join(folder, name);
        if (!existsSync(file)) {
            response.writeHead(404).end();
            return;
        }
        response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
        response.end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
}
