/* Questions about the rules of one program. */
#ifndef SLU_PROVE_QUERY_H
#define SLU_PROVE_QUERY_H

#include "engine/prove/replay.h"

struct slu_query {
    struct slu_prover *prover;
    const struct sluice_program *program;
    struct slu_instance *instance;
    struct slu_replay *replay;
    slu_formula *rules; /* per rule: when it matches */
    uint32_t *excluded; /* per rule: the question in which it is ruled out already */
    uint32_t question;
    bool keeps_reasons; /* of a NO it will be asked which excluded rules it needs; costs time */
    struct slu_witness witness;
};

enum slu_reach {
    SLU_REACHED,       /* by the witness, which the engine confirmed */
    SLU_CONTRADICTION, /* its own conditions never hold together */
    SLU_SHADOWED,      /* whenever they hold, one of `because` wins */
    SLU_REACH_UNDECIDED
};

struct slu_reach_answer {
    enum slu_reach reach;
    uint32_t *because; /* on the prover's arena: rules, in their order */
    uint32_t because_count;
    const char *reason; /* UNDECIDED */
};

bool slu_query_init(struct slu_query *query, struct slu_prover *prover, struct slu_instance *instance,
                    struct slu_replay *replay, const struct sluice_program *program);
struct slu_reach_answer slu_query_reach(struct slu_query *query, uint32_t rule);

/* A question in which, step by step, rules are ruled out that win although
 * others should. It keeps its reasons until `keeps_reasons` is unset. */
void slu_query_begin(struct slu_query *query);
void slu_query_exclude(struct slu_query *query, uint32_t rule);
/* A rule before `end` that may hold on events like the instance, and is not
 * ruled out yet. The engine's answer, `winner`, comes first; without it, any that
 * is not certain to fail. SLU_NO_INDEX: none. */
uint32_t slu_query_thief(struct slu_query *query, uint32_t ruleset, uint32_t end, uint32_t winner);
/* Why the engine does not confirm the witness. */
const char *slu_query_unconfirmed(const struct slu_query *query);
/* The first event of the ruleset's kinds that is like the instance found: made
 * and decided. False when it cannot be. */
bool slu_query_replay(struct slu_query *query, uint32_t ruleset, uint32_t event);
/* Solves until the engine agrees that of the ruleset the `wanted` rule wins
 * (SLU_REPLAY_NONE: none), ruling out those before it that win instead. */
enum slu_verdict slu_query_until(struct slu_query *query, uint32_t ruleset, uint32_t wanted, uint32_t event,
                                 const char **reason);
/* Both at once: the witness makes one rule win in each of two rulesets. */
enum slu_verdict slu_query_both(struct slu_query *query, uint32_t first, uint32_t second, uint32_t event);

#endif
