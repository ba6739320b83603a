// Every page of the site, in the order in which a stranger needs them. test/docs/site holds the list against the folder.

const page = (text, link) => ({ text, link: `/${link}` });

/** The pages of the reference of the library, one for each group of public names (lib/public) and each namespace. */
export const reference = [
  page('Overview', 'reference'),
  page('Tensors and runtimes', 'reference/tensors'),
  page('Operations', 'reference/operations'),
  page('Models and learning', 'reference/networks'),
  page('Layers', 'reference/networks.layers'),
  page('Constraints', 'reference/networks.layers.constraints'),
  page('Initializers', 'reference/networks.layers.initializers'),
  page('Regularizers', 'reference/networks.layers.regularizers'),
  page('Losses', 'reference/networks.losses'),
  page('Metrics', 'reference/networks.metrics'),
  page('Optimizers', 'reference/networks.optimizers'),
  page('Schedules', 'reference/networks.schedules'),
  page('Callbacks', 'reference/networks.callbacks'),
  page('Networks by name', 'reference/networks.networks'),
  page('Data', 'reference/data'),
  page('Tasks and trainings', 'reference/training'),
  page('Run folders', 'reference/runs'),
  page('Verification and differences', 'reference/audits'),
  page('Distances', 'reference/audits.divergence'),
  page('Experiments and studies', 'reference/experiments'),
  page('Statistics', 'reference/experiments.stats'),
  page('Explanations', 'reference/explanations'),
  page('Objects in masks', 'reference/counting'),
  page('Files of other libraries', 'reference/files'),
  page('Errors', 'reference/errors'),
];

export const sidebar = [
  {
    text: 'Begin',
    items: [page('What samebits is for', 'index'), page('Tutorial: ten minutes', 'tutorial')],
  },
  {
    text: 'How to',
    items: [
      page('Train a network of your own', 'own_model'),
      page('Train on data of your own', 'own_data'),
      page('Use files of Keras, PyTorch, NumPy', 'files'),
      page('Train from a program', 'library'),
      page('Verify a receipt', 'verify'),
      page('Find where two runs part', 'diff'),
      page('Compare runs of both modes', 'compare'),
      page('Read a report', 'report'),
      page('Run a study of many trainings', 'study'),
      page('Run a study on Slurm', 'slurm'),
      page('Rank sources of difference', 'sources'),
      page('Show classes and their ranks', 'classify'),
      page('Show where a network looks', 'gradcam'),
      page('Count objects in pictures', 'counting'),
      page('Check a GPU', 'gpu'),
    ],
  },
  {
    text: 'Look up',
    items: [
      page('Command line', 'cli'),
      page('Losses, metrics, callbacks', 'training'),
      page('Networks known by name', 'networks'),
      page('Data', 'data'),
      page('DICOM files', 'dicom'),
      page('Run folders, receipts, traces', 'trace'),
    ],
  },
  { text: 'Library reference', collapsed: true, items: reference },
  {
    text: 'Why to believe it',
    items: [
      page('The numeric contract', 'contract'),
      page('Beside Keras and PyTorch', 'keras'),
      page('Speed and memory', 'speed'),
    ],
  },
  {
    text: 'Papers, setting by setting',
    items: [
      page('Leventi-Peetz, Oestreich 2022', 'papers/leventi-peetz-oestreich-2022'),
      page('Alahmari et al. 2020', 'papers/alahmari-2020'),
      page('Eryilmaz 2023', 'papers/eryilmaz-2023'),
    ],
  },
  {
    text: 'Work on samebits',
    items: [
      page('Contributing', 'contributing'),
      page('Architecture', 'architecture'),
      page('Mutation testing', 'mutation'),
      page('Security', 'security'),
      page('Changes', 'changelog'),
    ],
  },
];
