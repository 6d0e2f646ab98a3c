/* Compiled programs as files: a header, then the archive of archive.h.
 *
 *   8 bytes  magic
 *   u32      format: grows when archives change
 *   u32      version of the engine: major << 16 | minor << 8 | patch
 *   u32      fingerprint: CRC-32C of the engine's instructions, functions and standard files
 *   u64      bytes of the archive
 *   u32      CRC-32C of everything else
 *
 * The checksum finds accidents. Malice is for the verifier: whatever the bytes
 * are, what is read is refused or safe to run. */
#ifndef SLU_CODE_SAVE_H
#define SLU_CODE_SAVE_H

#include "engine/base/buffer.h"
#include "engine/code/program.h"

#define SLU_SAVED_MAGIC "\x8Asluice\n"
enum { SLU_SAVED_MAGIC_BYTES = 8, SLU_SAVED_HEADER_BYTES = 32, SLU_SAVED_FORMAT = 1 };

/* Do the bytes begin as a saved program does? */
bool slu_saved_begins(struct slu_string bytes);

/* Adds the file; a failed allocation is remembered in the buffer. */
void slu_program_save(const struct sluice_program *program, struct slu_buffer *out);

/* Reads all but the indexes: *program is *new* on SLUICE_OK, verified, and
 * needs nothing of `bytes`. SLUICE_INVALID: *error says why it is refused. */
enum sluice_status slu_program_read(struct slu_string bytes, struct sluice_program **program,
                                    struct sluice_error *error);

/* The checksum that belongs into the header of these bytes, at least a header long. */
uint32_t slu_saved_checksum(struct slu_string bytes);

#endif
