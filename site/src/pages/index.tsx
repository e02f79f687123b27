import Link from '@docusaurus/Link'
import Layout from '@theme/Layout'
import type { ReactNode } from 'react'

const TOPICS: readonly { readonly title: string; readonly text: string; readonly to: string }[] = [
  {
    title: 'Run it',
    text: 'One command starts a job on a fresh clone. Nothing but npm has to be there.',
    to: '/docs/getting-started',
  },
  {
    title: 'Read it',
    text: 'Thirteen layers, each with a list of what it may import, checked on every run.',
    to: '/docs/architecture',
  },
  {
    title: 'Rebuild it',
    text: 'The course has you write parts of the engine, one exercise at a time.',
    to: '/learn',
  },
]

export default function Home(): ReactNode {
  return (
    <Layout description="A stateful stream processing engine in TypeScript, and the lab that teaches it">
      <main className="container margin-vert--xl">
        <h1>Millrace</h1>
        <p className="hero__subtitle">
          A stateful stream processing engine in TypeScript, and the lab that teaches and measures
          it.
        </p>
        <div className="row">
          {TOPICS.map(({ title, text, to }) => (
            <section key={to} className="col col--4 margin-bottom--lg">
              <h2>
                <Link to={to}>{title}</Link>
              </h2>
              <p>{text}</p>
            </section>
          ))}
        </div>
      </main>
    </Layout>
  )
}
