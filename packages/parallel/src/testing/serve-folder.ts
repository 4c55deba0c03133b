/** A local server of one folder and an empty page. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';

/** Where the server listens, and how to end it. */
export interface FolderServer {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Serves the files of a folder; `isolated` with the headers that browsers ask for before they share memory. */
export async function serveFolder(folder: string, isolated: boolean): Promise<FolderServer> {
  const headers = isolated
    ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    : {};
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
    if (!name.endsWith('.js')) {
      response.writeHead(name === '' ? 200 : 404, { ...headers, 'Content-Type': 'text/html' }).end('<!doctype html>');
      return;
    }
    void readFile(join(folder, name)).then(
      (content) => response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(content),
      () => response.writeHead(404, headers).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
