'use strict';

const classes = new Map();

// classOf finds a class by its name, such as aws-cdk-lib.aws_s3.Bucket.
function classOf(name) {
  if (!classes.has(name)) {
    const [library, ...path] = name.split('.');
    classes.set(name, path.reduce((at, part) => at[part], require(library)));
  }
  return classes.get(name);
}

// known puts what earlier steps returned in the place of their numbers.
function known(value, done) {
  if (value === null || typeof value !== 'object') {
    return value;
  }
  if (!Array.isArray(value)) {
    if (Object.getPrototypeOf(value) !== Object.prototype) {
      return value; // an object of the CDK
    }
    if (value.$step !== undefined) {
      return done[value.$step];
    }
  }
  for (const key of Object.keys(value)) {
    value[key] = known(value[key], done);
  }
  return value;
}

class Batch {
  // run makes the calls one after another, and returns what was asked for of them.
  static run(steps, wanted) {
    const done = [];
    for (const [kind, of, name, args] of steps) {
      const target = kind === 'new' || kind === 'static' ? classOf(of) : known(of, done);
      switch (kind) {
        case 'new':
          done.push(new target(...known(args, done)));
          break;
        case 'get':
          done.push(target[name]);
          break;
        case 'set':
          done.push(target[name] = known(args[0], done));
          break;
        default:
          done.push(target[name](...known(args, done)));
      }
    }
    return wanted.map((step) => done[step]);
  }
}

exports.Batch = Batch;
