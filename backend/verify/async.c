/* SPDX-License-Identifier: Apache-2.0 */
/* Timers in map values, and the functions that they call later. bpf_timer_set_callback() only notes the function and
 * the map: it runs on its own, some time, with the map, a key and a value of it, and is walked like a program of its
 * own, once for each map. Source: uapi linux/bpf.h, bpf_timer_init(). */
#include "backend/verify/internal.h"

enum step async_timer(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	bool own = false;

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->kind == V_VALUE && r->maybe_null)
		return explain_null(v, 1 + i, r);
	if (r->kind != V_VALUE || !num_is(&r->n, 0) || !fields_at(&r->map->fields, IOV_FIELD_TIMER, r->off))
		return arg_wrong(v, c, i);
	if (r->map->fields.wrong)
		return graph_wrong_layout(v, explain_kind(v, r), &r->map->fields);
	for (uint32_t k = 0; k < v->prog->map_count; k++)
		own |= v->prog->maps[k] == r->map;
	if (!own)
		return explain_unsupported(v, "timers in inner maps");
	c->timer = r->map;
	return graph_map_holds(v, r->map, IOV_FIELD_TIMER);
}

enum step async_other_map(struct verifier *v, const struct call *c)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_HELPER_ARG, v->pc, "the timer lies in `%s`, not in `%s`",
					 c->timer->name, c->map->name);

	explain_path(v, d);
	diag_hint(d, "pass the map that the value with the timer is from: `&%s`", c->timer->name);
	return STEP_ERROR;
}

bool async_note(struct verifier *v, const struct call *c)
{
	uint32_t sub = v->top->r[c->callback].range;
	struct vasync *a;

	for (a = v->asyncs; a; a = a->next)
		if (a->sub == sub && a->map == c->timer)
			return true;
	a = ARENA_NEW(&v->work, struct vasync);
	if (!a)
		return false;
	*a = (struct vasync){.next = v->asyncs, .sub = sub, .map = c->timer};
	v->asyncs = a;
	return true;
}

void async_enter(const struct verifier *v, struct vframe *f)
{
	const struct iov_map_def *map = v->async->map;

	f->r[IOV_R1] = (struct vreg){.kind = V_MAP, .map = map, .n = num_const(0)};
	f->r[IOV_R2] = (struct vreg){.kind = V_RECORD, .read_only = true, .range = map->key_size, .n = num_const(0)};
	f->r[IOV_R3] = (struct vreg){.kind = V_VALUE, .map = map, .n = num_const(0)};
	for (int r = IOV_R1; r <= IOV_R3; r++)
		f->r[r].origin = v->pc;
}

/* One may arm timers with others. */
enum iov_status async_verify(struct verifier *v)
{
	enum iov_status st = IOV_OK;
	bool again = true;

	while (again && !st) {
		again = false;
		for (struct vasync *a = v->asyncs; a && !st; a = a->next) {
			if (a->done)
				continue;
			a->done = again = true;
			v->async = a;
			st = explore_sub(v, a->sub);
			v->async = NULL;
		}
	}
	return st;
}
