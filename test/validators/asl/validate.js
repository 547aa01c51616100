// Reads {name: definition} from its input and writes {name: what is wrong with it}.
'use strict';
const validate = require('asl-validator');

const wrong = {};
for (const [name, text] of Object.entries(JSON.parse(require('node:fs').readFileSync(0, 'utf8')))) {
  try {
    const found = validate(JSON.parse(text));
    if (!found.isValid) wrong[name] = found.errorsText();
  } catch (error) {
    wrong[name] = String(error);
  }
}
process.stdout.write(JSON.stringify(wrong));
