import type { Grade } from './grade.ts';

interface KindText {
  readonly grade: Grade;
  readonly title: string;
  readonly checked: string;
  readonly notMean: string;
}

/** Every kind of finding, in the order of a report, with texts that can be quoted. */
export const FINDING_KINDS = {
  'proofs-hold': {
    grade: 'pass',
    title: 'Records whose proof holds',
    checked:
      'Every record was read strictly, all its parts were compared with each other, and its proof was checked against the key of its model. No record was left out.',
    notMean:
      'That the model is right, fair or fit for its purpose, that the input was true, or that no other answers were given.',
  },
  'proof-fails': {
    grade: 'fault',
    title: 'Records whose proof does not hold',
    checked: 'Whether the proof of each record is a proof of the stated answer under the key of its model.',
    notMean:
      'Who changed the record, or that the answer was wrong. It means that the record shows nothing about the answer.',
  },
  'record-contradicts-itself': {
    grade: 'fault',
    title: 'Records whose parts do not fit together',
    checked:
      'Whether the model, the key, the statement and the stated values of each record belong together.',
    notMean: 'That the change was deliberate. A record of which a part was exchanged shows nothing.',
  },
  'damaged-file': {
    grade: 'fault',
    title: 'Files that are named like records and cannot be read as one',
    checked: 'Whether each file that is named like a record has the form of one, to the last character.',
    notMean: 'That a record was withheld: files are also damaged in copying.',
  },
  'not-a-file': {
    grade: 'fault',
    title: 'Entries that are no files',
    checked: 'Whether everything in the folders and archives is a regular file or a folder.',
    notMean: 'What a link, a pipe or a device leads to was not opened, and nothing is known about it.',
  },
  'source-damaged': {
    grade: 'fault',
    title: 'Folders, archives and logs that could not be read to their end',
    checked: 'Whether everything that was handed in could be read, to the last byte of every archive.',
    notMean:
      'That something was withheld: files are also damaged in copying. What stands in the part that could not be read is not known.',
  },
  'archive-differs': {
    grade: 'fault',
    title: 'Files that are not those of which the manifest of their archive speaks',
    checked:
      'Whether every file of an archive with a manifest is the one that was packed, by its digest, and whether all are there.',
    notMean:
      'Which of the two was changed: nobody has signed the manifest. What the files themselves show was checked all the same.',
  },
  'archive-not-opened': {
    grade: 'open',
    title: 'Archives in folders and archives, which were not opened',
    checked: 'Whether there are archives in what was handed in. Only archives that were named are opened.',
    notMean: 'Anything about their content. Name them to the audit to have them checked.',
  },
  'record-incomplete': {
    grade: 'open',
    title: 'Records that could not be checked for want of a part',
    checked: 'Whether everything that a check needs, such as the record of the model, was handed in.',
    notMean: 'That these records are wrong: they can be checked once the missing part is there.',
  },
  'foreign-model': {
    grade: 'fault',
    title: 'Records of a model that is not expected',
    checked:
      'Whether each record is of a model that was named to the auditor, or that a trusted party released.',
    notMean: 'That the proofs are wrong: they hold, but for another model than those in question.',
  },
  'model-not-vouched-for': {
    grade: 'open',
    title: 'Records of models for which those whom the auditor trusts do not vouch',
    checked: 'Whether the statements that the trust file asks for exist for each model, and count.',
    notMean: 'That the model is not what it is said to be: nobody whom the auditor trusts has confirmed it.',
  },
  'development-key': {
    grade: 'open',
    title: 'Records under a key that its maker could abuse',
    checked: 'How the key of each model was made.',
    notMean:
      'That anything was forged. Whoever made such a key could have proved any answer, and nobody could tell.',
  },
  'answer-after-retirement': {
    grade: 'fault',
    title: 'Answers of a model after it was retired',
    checked:
      'Whether the time of each answer, by its log, is before the time from which its model was not to answer.',
    notMean: 'That these answers are wrong: another model was to give them.',
  },
  'key-compromised': {
    grade: 'fault',
    title: 'Models that a compromised key vouches for',
    checked: 'Whether keys of those who vouch for the models are listed as compromised in the trust file.',
    notMean:
      'That the models or their answers were changed: a statement of such a key no longer shows anything.',
  },
  'contradicting-answers': {
    grade: 'evidence',
    title: 'Different proved answers to one input by one model',
    checked:
      'Whether records of one model about one input give the same answer, whatever they were made for.',
    notMean:
      'Which of the answers is right. A sound model with an honest key can prove one of them only: the key was abused or the model is unsound.',
  },
  'version-difference': {
    grade: 'difference',
    title: 'Different answers to one input by different models',
    checked: 'Whether records of different models about one sealed input give the same answer.',
    notMean: 'A fault: versions of a model may differ.',
  },
  'resealed-record': {
    grade: 'fault',
    title: 'One proved answer under several records',
    checked: 'Whether what two records prove is the same, whatever stands around it.',
    notMean:
      'Two answers: it is one answer, counted once. Row numbers and other claims around a proof can be written at will.',
  },
  'copied-record': {
    grade: 'difference',
    title: 'Records that are there more than once',
    checked: 'Whether the same record was handed in several times.',
    notMean: 'A fault: a copy changes nothing, and is counted once.',
  },
  'indistinguishable-records': {
    grade: 'pass',
    title: 'Records with equal public values, which may be one answer or several',
    checked: 'Whether records that show their input openly, and have no number of their own, are equal.',
    notMean: 'A fault: two equal questions have two equal answers. They are counted once.',
  },
  'missing-rows': {
    grade: 'fault',
    title: 'Numbers without a record',
    checked: 'Whether the numbers of the records in each folder have gaps.',
    notMean:
      'That an answer was given and withheld: the numbers are the claim of whoever wrote the folder. Nor do numbers without gaps show that nothing is missing at the end.',
  },
  'row-claims-differ': {
    grade: 'difference',
    title: 'Records that claim another number than their file name',
    checked: 'Whether the number that a record claims is the number in its file name.',
    notMean: 'Which of the two is right. Both are claims.',
  },
  'expected-missing': {
    grade: 'fault',
    title: 'Expected answers of which there is no record',
    checked: 'Whether there is an accepted record of everything in the list of expected answers.',
    notMean: 'That the answer was not given, or why its record is not there.',
  },
  'not-expected': {
    grade: 'difference',
    title: 'Records that are not in the list of expected answers',
    checked: 'Whether every accepted record stands in the list of expected answers.',
    notMean: 'That they should not exist: the list is as complete as whoever made it.',
  },
  'other-context': {
    grade: 'fault',
    title: 'Records made for another purpose than the list says',
    checked:
      'Whether the proof of each listed record was made for the order, or other purpose, that the list gives.',
    notMean: 'That the answer is wrong. It was given for something else and is not evidence for this.',
  },
  'answer-not-logged': {
    grade: 'fault',
    title: 'Answers that the log has promised to customers and does not hold',
    checked:
      'Whether every answer in the copies of customers is in its log, at the place that was promised with it. The promise of each answer named here bears the signature of the log.',
    notMean: 'Why the answer is not there, or that it was wrong.',
  },
  'promise-not-signed': {
    grade: 'open',
    title: 'Answers in copies of customers of which only the copy says that they are owed',
    checked:
      'Whether a key of the log that the auditor trusts has signed the promise of each answer that its log does not hold.',
    notMean: 'That the log kept its word, or broke it: anybody could have written this copy.',
  },
  'logged-not-expected': {
    grade: 'difference',
    title: 'Answers in a log that no copy of a customer knows',
    checked: 'Whether every answer in the logs is in the copy of a customer.',
    notMean:
      'That they should not exist: the copies are those of the customers who gave theirs. An answer to nobody would look the same.',
  },
  'log-entries-missing': {
    grade: 'fault',
    title: 'Entries of a log that were not handed over',
    checked: 'Whether every entry that the checkpoint of each log counts is there, with a number of its own.',
    notMean:
      'What the missing entries say. Nor do entries without gaps show that every answer was entered in the log.',
  },
  'log-damaged': {
    grade: 'fault',
    title: 'Logs whose entries do not lead to their checkpoint',
    checked: 'Whether the entries of each log give exactly the summary that the log has signed.',
    notMean: 'That the log was falsified: files are also damaged in copying.',
  },
  'log-forked': {
    grade: 'evidence',
    title: 'Logs that have shown different histories',
    checked: 'Whether all checkpoints of each log, in the log and in records, are beginnings of one history.',
    notMean: 'Which of the histories is the true one, or which answers were to be hidden.',
  },
  'log-clock': {
    grade: 'fault',
    title: 'Entries of a log whose times go backwards',
    checked: 'Whether the times that a log states never decrease.',
    notMean: 'Which of the times is right.',
  },
  'log-entry-repeated': {
    grade: 'fault',
    title: 'Answers that are in a log more than once',
    checked: 'Whether each answer has one entry.',
    notMean: 'That the answer was given more than once.',
  },
  'log-not-trusted': {
    grade: 'open',
    title: 'Logs that the auditor did not say to trust, or that too few witnesses have seen',
    checked:
      'Whether a key that the trust file names has signed each log, and enough witnesses have seen it.',
    notMean: 'That the log is wrong: its times and its completeness are the word of whoever wrote it.',
  },
  'sealed-elsewhere': {
    grade: 'fault',
    title: 'Records whose place in a log is held by another entry',
    checked: 'Whether the entry that each record names is in the log that was handed over.',
    notMean: 'Which of the two was there first.',
  },
  'record-not-logged': {
    grade: 'difference',
    title: 'Records that are in none of the logs that were handed in',
    checked: 'Whether each accepted record of a model that a log announces is an entry of a log.',
    notMean:
      'A fault by itself: a record may have been made for another purpose than an answer, or be in another log. Whether each answer had to be entered in the log is a question of its policy.',
  },
  'logged-without-record': {
    grade: 'open',
    title: 'Entries of a log of which no record was handed in',
    checked: 'Whether there is an accepted record of every answer in the logs.',
    notMean: 'A fault by itself: not every answer has to be proved. What the policy of the log says decides.',
  },
  'answer-not-announced': {
    grade: 'fault',
    title: 'Answers of a model that its log had not announced',
    checked: 'Whether the log announced each model before its first answer.',
    notMean: 'That the answers are wrong.',
  },
  'model-changed': {
    grade: 'difference',
    title: 'Changes of model in the period',
    checked: 'Which model answered when, by the times of the logs.',
    notMean: 'A fault: whether a change was permitted is not a question of proofs.',
  },
  'opening-fails': {
    grade: 'fault',
    title: 'Inputs that do not belong to their record',
    checked: 'Whether each opened input is the one that its record was made from.',
    notMean: 'Which input is the true one. The answer was not computed from this one.',
  },
  'opening-missing': {
    grade: 'open',
    title: 'Inputs that were to be opened and were not',
    checked: 'Whether there is an opening that can be read for each input that was to be opened.',
    notMean:
      'That the input is another one: whoever keeps it has not shown it. An input may also have been erased, as it may have to be.',
  },
  'openings-hold': {
    grade: 'pass',
    title: 'Inputs that belong to their record',
    checked: 'Whether each opened input is the one that its record was made from.',
    notMean: 'That what the input says is true.',
  },
  'timestamp-fails': {
    grade: 'fault',
    title: 'Timestamps that do not hold',
    checked: 'Whether each timestamp is of its checkpoint, by an authority whose certificate was given.',
    notMean: 'That the checkpoint is wrong: its time is not confirmed.',
  },
  'time-confirmed': {
    grade: 'pass',
    title: 'Logs whose time others confirm',
    checked:
      'By when each checkpoint existed, by witnesses and authorities for timestamps whom the auditor trusts.',
    notMean: 'When the answers were given: they existed at the latest by then.',
  },
  'time-not-confirmed': {
    grade: 'open',
    title: 'Times that rest on the word of the log alone',
    checked: 'Whether witnesses or authorities for timestamps confirm the time of each checkpoint.',
    notMean:
      'That the times are wrong. A log without witnesses could have been written afterwards, with any times.',
  },
  'quality-broken': {
    grade: 'fault',
    title: 'Records of models that are farther from their source than their producer says',
    checked:
      'Whether each model, measured on the rows that the auditor gave, stays as close to its source as its producer states.',
    notMean:
      'That the producer measured wrongly: the rows are others. Nor that the answers are wrong: the source may be wrong too.',
  },
} as const satisfies Readonly<Record<string, KindText>>;

export type FindingKind = keyof typeof FINDING_KINDS;
