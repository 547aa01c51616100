// Writes a file as the one comment of LakeMesh on a pull request of GitHub or a merge request of
// GitLab, and changes that comment when there is one: node comment.mjs FILE
//
// It needs Node.js 20 and nothing else, takes its values by the environment variables that both
// services set, and hands text on as JSON only: nothing of it is a command.
import { readFile } from "node:fs/promises";

const marker = "<!-- lakemesh diff -->";
const most = 60_000; // characters; GitHub takes 65,536

const env = process.env;

// A mention in a name of the mesh calls nobody.
const quiet = (text) => text.replaceAll(/@(?=[\w-])/g, "@\u200b");

function body(text) {
  const whole = `${marker}\n${quiet(text)}`;
  return whole.length <= most ? whole : `${whole.slice(0, most)}\n\n… The rest is in the file diff.md among the artifacts.`;
}

async function call(method, url, headers, content) {
  const answer = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: content && JSON.stringify(content),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw Object.assign(new Error(`${method} ${new URL(url).pathname}: ${answer.status} ${text.slice(0, 300)}`), { status: answer.status });
  }
  return text ? JSON.parse(text) : undefined;
}

// service says where comments are, for the service that runs this.
function service() {
  const missing = (name) => {
    throw new Error(`${name}: got nothing; expected what the service sets`);
  };
  const need = (name) => env[name] || missing(name);
  const number = (name) => (/^\d+$/.test(need(name)) ? env[name] : missing(name));
  if (env.GITLAB_CI) {
    const root = `${need("CI_API_V4_URL")}/projects/${number("CI_PROJECT_ID")}/merge_requests/${number("CI_MERGE_REQUEST_IID")}/notes`;
    return {
      headers: { "PRIVATE-TOKEN": need("LAKEMESH_COMMENT_TOKEN") },
      list: `${root}?per_page=100&sort=asc`,
      add: root,
      change: (comment) => ["PUT", `${root}/${comment.id}`],
      whose: async (headers) => {
        const { id } = await call("GET", `${need("CI_API_V4_URL")}/user`, headers);
        return (comment) => comment.author?.id === id;
      },
    };
  }
  const repository = `${need("GITHUB_API_URL")}/repos/${need("GITHUB_REPOSITORY")}`;
  const root = `${repository}/issues/${number("PULL_REQUEST")}/comments`;
  return {
    headers: { Authorization: `Bearer ${need("GITHUB_TOKEN")}`, Accept: "application/vnd.github+json" },
    list: `${root}?per_page=100`,
    add: root,
    change: (comment) => ["PATCH", `${repository}/issues/comments/${comment.id}`],
    // What somebody else wrote is left alone, whatever it begins with.
    whose: async () => (comment) => comment.user?.login === "github-actions[bot]",
  };
}

async function ours(s) {
  const isOurs = await s.whose(s.headers);
  for (let page = 1; ; page++) {
    const comments = await call("GET", `${s.list}&page=${page}`, s.headers);
    const found = comments.find((c) => c.body?.startsWith(marker) && isOurs(c));
    if (found || comments.length < 100) {
      return found;
    }
  }
}

try {
  const s = service();
  const text = body(await readFile(process.argv[2], "utf8"));
  const comment = await ours(s);
  const [method, url] = comment ? s.change(comment) : ["POST", s.add];
  await call(method, url, s.headers, { body: text });
  console.log(comment ? "changed the comment" : "added a comment");
} catch (error) {
  console.error(`the comment was not written: ${error.message}`);
  process.exitCode = 1;
}
