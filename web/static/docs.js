"use strict";
const base = new URL("..", document.currentScript.src).pathname;
SwaggerUIBundle({ url: base + "api/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
