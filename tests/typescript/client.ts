// A client of the API whose types are those that openapi-typescript makes of its description: asks, checks a quote and
// prints a line for each. What it must not compile stands behind @ts-expect-error.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };  // the types of Node itself are not needed

// JSON and problems: no stream of events, as which an answer may come too.
const client = createClient<paths, `application/${string}json`>({ baseUrl: process.argv[2] });

const asked = await client.POST("/api/ask", {
  body: { question: "متى وُقّعت اتفاقيتا كامب ديفيد؟", top_k: 3, filters: { sources: ["مُسنَد"] } },
});
if (asked.error) throw new Error(asked.error.detail);
const first: components["schemas"]["Citation"] = asked.data.citations[0];
console.log(asked.data.status, first.article_id);

const checked = await client.POST("/api/verify", {
  body: { quote: "التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء", speaker: "ريابكوف" },
});
if (checked.error) throw new Error(checked.error.detail);
console.log(checked.data.verdict, checked.data.differences[0].source);

const refused = await client.POST("/api/ask", { body: { question: "؟" } });
console.log(refused.error?.type, refused.error?.fault);

// @ts-expect-error a question is needed
await client.POST("/api/ask", { body: { top_k: 3 } });
// @ts-expect-error an answer has no such member
asked.data.certainty;
