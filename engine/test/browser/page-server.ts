/// <reference types="node" />
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A web server on localhost with one page. */
export interface PageServer {
  readonly url: string
  close(): Promise<void>
}

/** The page: the engine by its package name, and the programs. */
const PAGE = `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "@millrace/engine": "/engine.js" } }</script>
<script type="module" src="/programs.js"></script>
`

/** Serves the page and the given modules, by path, on a free port. */
export async function servePage(modules: Readonly<Record<string, string>>): Promise<PageServer> {
  const server = createServer((request, response) => {
    const code = modules[request.url ?? '']
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(PAGE)
    else if (code !== undefined) response.setHeader('content-type', 'text/javascript').end(code)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
