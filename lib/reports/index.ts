/** Reports of Results: HTML pages with files of their figures, tables and curves beside them, and text for the terminal. */
export { attributionCsv, attributionGrowthCsv, attributionText } from './attribution.js';
export type { ReportedResult } from './book.js';
export { classificationCsv, classificationText } from './classification.js';
export { explanationsCsv, explanationsText, stabilityCsv } from './explanations.js';
export { writeResultReport } from './files/write.js';
export { diffPage } from './html/diff_page.js';
export { writeCounts, writeEvaluation } from './judged.js';
export { pairsAgreementCsv, pairsCsv, pairsSummaryCsv, pairsText } from './pairs.js';
export { arrivalColumns, joinWords, orderCells, replayHeadline } from './replay_words.js';
export { type Report, reportOf } from './report.js';
export { type ReportOptions, type WrittenReport, writeReport } from './runs_report.js';
export { type StudyReportOptions, type WrittenStudyReport, writeStudyReport } from './study/write.js';
export { columns, terminalReport } from './terminal.js';
export { priceSentence, subjectOf, type Verdict, verdictsOf } from './verdict.js';
export { headlineOf, remarksOf } from './words.js';
