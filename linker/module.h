/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the manifest of a module as data: what an ELF file cannot say about itself. Source: iov-manifest(5). The ELF is
 * the truth: what a manifest says is held against the object, and what tools compute is refused in it. */
#ifndef IOV_LINKER_MODULE_H
#define IOV_LINKER_MODULE_H

#include "asm/yaml/yaml.h"
#include "linker/object/manifest.h"

enum iov_port_kind { IOV_PORT_ANY, IOV_PORT_NETDEV, IOV_PORT_VF, IOV_PORT_REPRESENTOR, IOV_PORT_MODULE };
struct iov_module_port {
	const char *name;
	enum iov_port_kind kind;
	uint32_t min, max; /**< how many interfaces */
	struct iov_span where;
};

struct iov_module_prog {
	const char *name;
	const struct iov_prog_type *type; /**< NULL: not said */
	const char *port;                 /**< name of a port, or NULL */
	bool ingress, egress;             /**< attach direction; both false: not said */
	bool frags;                       /**< takes packets of several buffers */
	bool has_priority;
	uint32_t priority;             /**< place in a chain, lower first */
	const char *const *proceed_on; /**< verdicts after which the chain goes on */
	uint32_t proceed_count;
	struct iov_span where;
};

enum iov_module_pin { IOV_PIN_UNSAID, IOV_PIN_NONE, IOV_PIN_BY_NAME };
enum iov_module_clash { IOV_CLASH_FAIL, IOV_CLASH_RECREATE, IOV_CLASH_VERSION_NAME };
struct iov_module_map {
	const char *name;
	uint64_t entries, entries_min, entries_max; /**< 0: not said */
	enum iov_module_pin pin;
	bool persist; /**< its content outlives an upgrade */
	enum iov_module_clash on_incompatible;
	const struct iov_yaml *share; /**< names of programs, or NULL */
	struct iov_span where;
};

enum iov_param_type {
	IOV_TYPE_U8,
	IOV_TYPE_U16,
	IOV_TYPE_U32,
	IOV_TYPE_U64,
	IOV_TYPE_S8,
	IOV_TYPE_S16,
	IOV_TYPE_S32,
	IOV_TYPE_S64,
	IOV_TYPE_BE16,
	IOV_TYPE_BE32,
	IOV_TYPE_BE64,
	IOV_TYPE_BOOL,
	IOV_TYPE_IPV4,
	IOV_TYPE_IPV6,
	IOV_TYPE_MAC,
	IOV_TYPE_STRING,
};
struct iov_module_param {
	const char *name, *unit, *description;
	enum iov_param_type type;
	bool required, is_mutable;
	bool has_default, has_min, has_max;
	int64_t min, max;                    /**< numbers */
	const struct iov_yaml *default_node; /**< as written, or NULL */
	const struct iov_yaml *values;       /**< enumeration: name → number, or NULL */
	struct iov_span where;
	uint32_t section; /**< of the object; module_check fills these in */
	uint64_t offset;  /**< bytes */
	uint32_t size;    /**< bytes */
};

struct iov_module_event {
	const char *map, *type, *format;
	struct iov_span where;
};

struct iov_module_desc {
	const char *name, *version, *license, *summary;
	struct iov_span license_where;
	struct iov_module_prog *progs;
	uint32_t prog_count;
	struct iov_module_port *ports;
	uint32_t port_count;
	struct iov_module_map *maps;
	uint32_t map_count;
	struct iov_module_param *params;
	uint32_t param_count;
	struct iov_module_event *events;
	uint32_t event_count;
	const struct iov_yaml *platforms;                               /**< names, or NULL */
	const struct iov_yaml *helpers;                                 /**< names that may be called, or NULL: any */
	uint32_t isa;                                                   /**< ceiling; 0: none */
	struct iov_span isa_where;
	uint64_t max_insns, max_worst_insns, max_stack, max_map_memory; /**< limits; 0: none */
	const struct iov_yaml *limits;                                  /**< for places */
	const char *text;                                               /**< the file as it is, text_len bytes */
	size_t text_len;
	const char *file;
};

/** Read a manifest: the whole schema is checked, the object is not looked at. Everything lives in `arena`. */
enum iov_status module_read(const char *path, struct iov_arena *arena, struct iov_sink *sink,
			    struct iov_module_desc **out);
enum iov_status module_parse(const void *bytes, size_t len, const char *file, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_module_desc **out);

/** Hold a manifest against an object. Every difference is diagnosed at its place in the file. */
enum iov_status module_check(struct iov_module_desc *m, const struct iov_object *obj, struct iov_arena *arena,
			     struct iov_sink *sink);
/** Hold its limits against what was proved of one program. */
enum iov_status module_check_facts(const struct iov_module_desc *m, const struct iov_record_facts *facts,
				   struct iov_sink *sink);
/** Limits of the module as a whole: memory of all maps. */
enum iov_status module_check_memory(const struct iov_module_desc *m, const struct iov_object *obj,
				    struct iov_sink *sink);

/** A draft of the manifest of an object, as YAML that module_parse and module_check take. */
enum iov_status module_draft(const struct iov_object *obj, const char *name, struct iov_buf *out);
/** The manifest's text with what it lacks of the object's programs, maps and parameters put in; the rest, comments
 * included, stays as it is. IOV_DIAGNOSED: its form takes no more lines. */
enum iov_status module_update(const struct iov_module_desc *m, const struct iov_object *obj, struct iov_arena *arena,
			      struct iov_sink *sink, struct iov_buf *out);

/** The word for a parameter's type, and its size in bytes (0: a string's is the variable's). */
const char *module_type_word(enum iov_param_type type);
uint32_t module_type_size(enum iov_param_type type);
/** A variable that can be a parameter: const volatile in .rodata. False: it cannot. */
bool module_param_type(const struct iov_btf *btf, uint32_t type, enum iov_param_type *out);

#endif
