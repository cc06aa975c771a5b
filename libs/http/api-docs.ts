import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { dirname } from 'node:path';
import { KeptFiles } from './kept-files';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hoptime API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;
const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', validatorUrl: null, deepLinking: true });\n`;

/** The OpenAPI document at /api/openapi.json and a page that browses it at /api/docs. No script or style stands inside the page. */
export function serveApiDocs(server: FastifyInstance, document: OpenAPIObject): void {
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  const files = new KeptFiles(folder, ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);
  const text = JSON.stringify(document);
  server.get('/api/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(text),
  );
  server.get('/api/docs', (_request, reply) => reply.header('content-type', 'text/html; charset=utf-8').send(PAGE));
  server.get('/api/docs/start.js', (_request, reply) =>
    reply.header('content-type', 'text/javascript; charset=utf-8').send(START),
  );
  server.get<{ Params: { name: string } }>('/api/docs/:name', (request, reply) =>
    files.has(request.params.name) ? files.send(request.params.name, request, reply) : reply.callNotFound(),
  );
}
