// The import layers: a folder imports only lower numbers, and its own. Folders of one number do not know each other.
const LAYERS = [
  ['text', 'collections'],
  ['events', 'geography'],
  ['attack', 'shell', 'http', 'mail', 'browser', 'intel'],
  ['telemetry', 'rules'],
  ['tagging', 'bus', 'rule-store'],
  ['engine', 'lifters', 'correlation', 'exports'],
  ['pipeline'],
  ['sources', 'storage', 'rule-store/(?:filesystem|database)', 'bus/(?:memory|jetstream)'],
  ['worker'],
  ['intake'],
  ['api'],
  ['app', 'cli', 'index'],
]
const EVERYWHERE = ['config', 'observability']

const folder = (names) => `^src/(?:${names.join('|')})(?:/|\\.ts$)`

const layerRules = LAYERS.flatMap((names, layer) =>
  names.map((name) => ({
    name: `layer-${layer}-${name.replace(/\W+/g, '-')}`,
    comment: `src/${name} may import lower layers and itself only`,
    severity: 'error',
    from: {
      path: folder([name]),
      pathNot:
        name === 'rule-store' || name === 'bus' ? `^src/${name}/(?:filesystem|database|memory|jetstream)/` : undefined,
    },
    to: {
      path: '^src/',
      pathNot: [folder([name]), ...LAYERS.slice(0, layer).map(folder), folder(EVERYWHERE)].concat(
        name.startsWith('rule-store/') ? [folder(['storage'])] : [],
        layer === LAYERS.length - 1 ? [folder(names)] : [],
      ),
    },
  })),
)

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layerRules,
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-layers',
      comment: 'everything below the sources opens no file, socket or timer',
      severity: 'error',
      from: { path: LAYERS.slice(0, 7).map(folder), pathNot: ['\\.test\\.ts$', '^src/rule-store/', '^src/bus/'] },
      to: {
        path: '^(?:node:)?(?:fs|fs/promises|net|http|https|dgram|child_process|timers)$',
        pathNot: '^(?:node:)?net$',
      },
    },
    {
      name: 'tests-stay-out',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: ['\\.test\\.ts$', '^test/', '^bench/', '^eval/'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
}
