import { describeForm } from '../describe-form.ts';

await describeForm('torchscript');
