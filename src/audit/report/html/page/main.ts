/** The script of `report.html`: searches its records, and checks records with the verifier. */
import { checkFiles } from './check-files.ts';
import { searchRecords } from './search-records.ts';

searchRecords();
checkFiles();
