import type { components } from './schema.generated';

export type Problem = components['schemas']['Problem'];
export type ProblemField = components['schemas']['ProblemField'];

/** An answer that is not a success, with the problem document (RFC 9457) that says why. */
export class ApiProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  get status() {
    return this.problem.status;
  }

  get code() {
    return this.problem.code;
  }

  get fields(): ProblemField[] {
    return this.problem.errors ?? [];
  }

  static async from(response: Response): Promise<ApiProblem> {
    const body: unknown = await response.json().catch(() => undefined);
    return new ApiProblem(
      isProblem(body)
        ? body
        : { type: 'about:blank', title: response.statusText, status: response.status, code: 'answer.unreadable', detail: `The server answered ${response.status}.`, trace_id: null, errors: null },
    );
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'status' in body;
}
