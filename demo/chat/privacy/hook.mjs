// Loaded into a process with --import before anything else: copies every byte that leaves it through a socket into files
// below COCOON_CAPTURE. Answers to the application that asked (the gateway's API, at COCOON_CAPTURE_API_PORT) go to files
// of their own: they are meant to be readable.
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

const directory = process.env.COCOON_CAPTURE;
const apiPort = Number(process.env.COCOON_CAPTURE_API_PORT ?? 0);
const files = new WeakMap();
let count = 0;

if (directory) {
    mkdirSync(directory, { recursive: true });
    const { _write, _writev } = Socket.prototype;
    Socket.prototype._write = function (data, encoding, callback) {
        keep(this, Buffer.isBuffer(data) ? data : Buffer.from(data, encoding));
        return _write.call(this, data, encoding, callback);
    };
    Socket.prototype._writev = function (chunks, callback) {
        for (const { chunk, encoding } of chunks) {
            keep(this, Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, encoding));
        }
        return _writev.call(this, chunks, callback);
    };
}

/** One file for each socket, so that what was sent in two writes stands together. */
function keep(socket, bytes) {
    let file = files.get(socket);
    if (file === undefined) {
        const toApplication = apiPort > 0 && socket.server && socket.localPort === apiPort;
        const name = `${process.pid}-${count++}-${socket.remotePort ?? 'none'}`;
        file = openSync(join(directory, `${name}.${toApplication ? 'api' : 'sent'}`), 'a');
        files.set(socket, file);
    }
    writeSync(file, bytes);
}
