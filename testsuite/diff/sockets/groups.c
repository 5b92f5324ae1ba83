/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_skb_under_cgroup() and the ids of a packet's control groups beside the live kernel's. The socket of a test run of
 * the kernel's is in the control group of who asks for it: a process that has gone into one made for this. */
#include "groups.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <iov/iov.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/bpf.h>
#include "query.h"

/* The groups in the array: the root, a group, one in that, where the socket is, one beside it; the rest is empty. */
enum { GROUPS = 4, OWN = 2 };
static const char *const below[GROUPS] = {"", "/iov-a", "/iov-a/b", "/iov-a/c"};

static bool make_groups(const char *mount_point, char path[GROUPS][64], uint64_t *ids)
{
	struct stat st;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", mount_point, "cgroup2", 0, NULL))
		return false;
	for (unsigned i = 0; i < GROUPS; i++) {
		snprintf(path[i], sizeof(path[i]), "%s%s", mount_point, below[i]);
		if ((i && mkdir(path[i], 0755) && errno != EEXIST) || stat(path[i], &st))
			return false;
		ids[i] = st.st_ino;
	}
	return true;
}

static bool enter(const char *group)
{
	char path[96];
	int fd;
	bool ok;

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	fd = open(path, O_WRONLY);
	ok = fd >= 0 && write(fd, "0", 1) == 1;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Of the kernel's, from within the group `own`. */
static bool kernel(const char *object, char path[GROUPS][64], struct group_answers *answers)
{
	struct bpf_object *o = bpf_object__open(object);
	uint8_t frame[60] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame), .repeat = 1);
	bool ok = o && !bpf_object__load(o) && enter(path[OWN]);
	int map = ok ? bpf_map__fd(bpf_object__find_map_by_name(o, "groups")) : -1;

	for (uint32_t i = 0; ok && i < GROUPS; i++) {
		int fd = open(path[i], O_RDONLY | O_DIRECTORY);

		ok = fd >= 0 && !bpf_map_update_elem(map, &i, &fd, 0);
	}
	ok = ok && !bpf_prog_test_run_opts(bpf_program__fd(bpf_object__find_program_by_name(o, "tc_groups")), &opts);
	ok = ok && !bpf_map_lookup_elem(bpf_map__fd(bpf_object__find_map_by_name(o, "answers")), &(uint32_t){0},
					answers);
	bpf_object__close(o);
	return enter(path[0]) && ok;
}

static bool ours(const char *object, enum iov_engine_choice engine, const uint64_t *ids, struct group_answers *answers)
{
	static uint8_t buffer[4096];
	struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60, .socket = 1};
	struct iov_load_options options = {.engine = engine, .seed = 1, .program = "tc_groups"};
	struct iov_socket socket = {.family = 4, .protocol = 17, .state = 7, .cookie = 1, .cgroup_level = 2,
				    .cgroups = {ids[0], ids[1], ids[OWN]}};
	struct iov_sockets *all = iov_sockets_new(1, NULL);
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = NULL;
	struct iov_worker *w = NULL;
	uint32_t verdict;
	bool ok = all && iov_sockets_add(all, &socket) == 1 && !iov_module_open_file(object, NULL, sink, &m) &&
		  !iov_module_load(m, &options, sink);

	w = ok ? iov_worker_new(m, 0) : NULL;
	if (w)
		iov_worker_set_sockets(w, all);
	for (uint32_t i = 0; ok && i < GROUPS; i++)
		ok = !iov_map_update(iov_module_map(m, "groups"), &i, &(uint32_t){(uint32_t)ids[i]}, 0);
	ok = ok && w && !iov_run(iov_module_program(m, "tc_groups"), w, &packet, &verdict) &&
	     !iov_map_lookup(iov_module_map(m, "answers"), &(uint32_t){0}, answers);
	iov_worker_free(w);
	iov_module_close(m);
	iov_sink_free(sink);
	iov_sockets_free(all);
	return ok;
}

static void show(const char *who, const struct group_answers *a)
{
	fprintf(stderr, "  %-7s own %llu, ", who, (unsigned long long)a->own);
	for (unsigned i = 0; i < GROUP_SLOTS; i++)
		fprintf(stderr, " under %lld above %llu", (long long)a->under[i], (unsigned long long)a->above[i]);
	fprintf(stderr, "\n");
}

bool groups(const char *object)
{
	static const struct { const char *name; enum iov_engine_choice engine; } engines[] = {
		{"interp", IOV_ENGINE_INTERPRETER}, {"jit", IOV_ENGINE_AUTO}, {"checked", IOV_ENGINE_CHECKING},
	};
	char mount_point[] = "/tmp/iov-groups-XXXXXX", path[GROUPS][64];
	struct group_answers want = {0}, got;
	uint64_t ids[GROUPS];
	bool made, ok = true;

	if (!mkdtemp(mount_point))
		return false;
	made = make_groups(mount_point, path, ids);
	if (!made)
		printf("SKIP sockets groups: needs root and control groups of version 2\n");
	else if (!kernel(object, path, &want))
		ok = false, printf("FAIL sockets groups: the kernel does not run it\n");
	for (size_t i = 0; made && ok && i < 3; i++) {
		got = (struct group_answers){0};
		if (!ours(object, engines[i].engine, ids, &got) || memcmp(&want, &got, sizeof(got)) || !want.own) {
			show("kernel", &want);
			show("ours", &got);
			ok = false;
		}
		printf("%s sockets groups %s\n", ok ? "PASS" : "FAIL", engines[i].name);
	}
	for (int i = GROUPS - 1; made && i > 0; i--)
		rmdir(path[i]);
	umount2(mount_point, MNT_DETACH);
	rmdir(mount_point);
	return ok;
}
