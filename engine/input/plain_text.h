/* The text that a reader of an HTML message sees. */
#ifndef SLU_INPUT_PLAIN_TEXT_H
#define SLU_INPUT_PLAIN_TEXT_H

#include "engine/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Tags, comments, scripts and styles are left out; block elements and <br>
 * become line breaks (at most two in a row); cells and other white space become
 * one space; entities are decoded; a link shows its address after its text unless
 * the text has it, an image its `alt`. No HTML is bad: what makes no sense
 * stays or goes as in a browser. Time is linear. The result is on the arena
 * and at most 16 bytes longer than `html`. False when out of memory. */
bool slu_plain_text(struct slu_string html, struct slu_arena *arena, struct slu_string *text);

/* Decodes the entity at html[*at], which is `&`, and moves past it; without
 * one there, gives the `&` itself. */
uint32_t slu_entity_decode(struct slu_string html, size_t *at);

#endif
