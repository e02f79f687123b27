import type { Config } from '@docusaurus/types'
import { themes } from 'prism-react-renderer'

const config: Config = {
  title: 'Millrace',
  tagline: 'Stateful stream processing in TypeScript, small enough to read',
  // The address is known only where the site is published.
  url: process.env.SITE_URL ?? 'http://localhost:3000',
  baseUrl: process.env.SITE_BASE ?? '/',
  favicon: 'img/wheel.svg',
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  markdown: {
    format: 'detect',
    hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' },
  },
  plugins: [
    ['@docusaurus/plugin-content-docs', { path: 'docs', routeBasePath: 'docs' }],
    [
      '@docusaurus/plugin-content-docs',
      {
        id: 'learn',
        path: '../chapters',
        routeBasePath: 'learn',
        include: ['README.md', '*/README.md', '*/*/README.md'],
        exclude: ['canary/**', 'work/**', '**/node_modules/**'],
      },
    ],
    '@docusaurus/plugin-content-pages',
  ],
  themes: [['@docusaurus/theme-classic', { customCss: './src/css/site.css' }]],
  themeConfig: {
    navbar: {
      title: 'Millrace',
      logo: { alt: 'a mill wheel', src: 'img/wheel.svg' },
      items: [
        { to: '/docs/intro', label: 'Docs', position: 'left' },
        { to: '/learn', label: 'Learn', position: 'left' },
      ],
    },
    footer: { copyright: 'Millrace is free software under the Apache License 2.0.' },
    prism: { theme: themes.github, darkTheme: themes.dracula },
    colorMode: { respectPrefersColorScheme: true },
  },
}

export default config
