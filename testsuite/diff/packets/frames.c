/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: frames and runs as plain data: reading the recording, building, sorting and freeing what an engine gave. */
#include "packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *need(void *allocated)
{
	if (!allocated) {
		fputs("out of memory\n", stderr);
		exit(70);
	}
	return allocated;
}

static uint8_t *slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long end;

	if (!f)
		return NULL;
	if (!fseek(f, 0, SEEK_END) && (end = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET)) {
		data = need(malloc((size_t)end + 1));
		*size = fread(data, 1, (size_t)end, f);
	}
	fclose(f);
	return data;
}

bool frames_read(const char *path, struct frames *frames)
{
	size_t size = 0, at = 24, room = 0;
	uint8_t *file = slurp(path, &size);
	uint32_t head[4];

	*frames = (struct frames){.file = file};
	if (!file || size < 24 || memcmp(file, "\xd4\xc3\xb2\xa1", 4)) {
		fprintf(stderr, "%s: no little-endian pcap file with microseconds\n", path);
		return false;
	}
	while (at + sizeof(head) <= size) {
		memcpy(head, file + at, sizeof(head));
		at += sizeof(head);
		if (head[2] > size - at)
			break;
		if (frames->count == room)
			frames->at = need(realloc(frames->at, (room = room * 2 + 64) * sizeof(*frames->at)));
		frames->at[frames->count++] =
			(struct frame){file + at, head[2], head[0] * 1000000000ULL + head[1] * 1000ULL};
		at += head[2];
	}
	return frames->count > 0;
}

/* xorshift64*: the same frames on every machine. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * 0x2545f4914f6cdd1dULL >> 33) % below);
}

/* Most changes go into the headers, half of them into one bit: broken frames that almost hold. */
static void mutate(uint8_t *data, uint32_t *len, uint32_t room, uint64_t *state)
{
	for (uint32_t changes = draw(state, 4); changes; changes--) {
		uint32_t at = draw(state, *len < 80 || !draw(state, 8) ? *len : 80);

		data[at] = draw(state, 2) ? data[at] ^ (uint8_t)(1u << draw(state, 8)) : (uint8_t)draw(state, 256);
	}
	if (!draw(state, 6))
		*len = 1 + draw(state, *len);
	else if (!draw(state, 12) && *len + 40 < room)
		*len += draw(state, 40);
}

struct frames frames_mutated(const struct frames *from, uint32_t count)
{
	enum { ROOM = 2048 };
	struct frames made = {need(calloc(count, sizeof(*made.at))), 0, need(calloc(count, ROOM))};
	uint64_t state = 0x10f1e1d;

	while (made.count < count) {
		const struct frame *old = &from->at[draw(&state, from->count)];
		uint8_t *data = (uint8_t *)made.file + (size_t)made.count * ROOM;
		uint32_t len = old->len;

		if (len > ROOM)
			continue;
		memcpy(data, old->data, len);
		mutate(data, &len, ROOM, &state);
		made.at[made.count++] = (struct frame){data, len, old->time_ns};
	}
	return made;
}

void frames_free(struct frames *frames)
{
	free(frames->at);
	free(frames->file);
}

struct map_dump *trial_add_map(struct trial *run, const char *name)
{
	struct map_dump *map;

	run->maps = need(realloc(run->maps, (run->map_count + 1) * sizeof(*run->maps)));
	map = &run->maps[run->map_count++];
	*map = (struct map_dump){0};
	snprintf(map->name, sizeof(map->name), "%s", name);
	return map;
}

struct entry *map_add_entry(struct map_dump *map, const void *key, const void *value, uint32_t value_size)
{
	struct entry *entry;

	map->entries = need(realloc(map->entries, (map->count + 1) * sizeof(*map->entries)));
	map->value_sizes = need(realloc(map->value_sizes, (map->count + 1) * sizeof(*map->value_sizes)));
	map->value_sizes[map->count] = value_size;
	entry = &map->entries[map->count++];
	entry->key = need(calloc(1, map->key_size + 1));
	entry->value = need(calloc(1, value_size + 1));
	if (key)
		memcpy(entry->key, key, map->key_size);
	if (value)
		memcpy(entry->value, value, value_size);
	return entry;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct map_dump *)a)->name, ((const struct map_dump *)b)->name);
}

static int by_key(const void *a, const void *b, void *size)
{
	return memcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key, *(uint32_t *)size);
}

void trial_finish(const struct job *job, struct trial *run)
{
	if (run->map_count)
		qsort(run->maps, run->map_count, sizeof(*run->maps), by_name);
	for (uint32_t m = 0; m < run->map_count; m++) {
		struct map_dump *map = &run->maps[m];

		for (uint32_t i = 0; i < map->count; i++)
			if (map->value_btf)
				mask_times(job->btf, map->value_btf, map->entries[i].value, map->value_sizes[i]);
		if (!map->ring && map->count)
			qsort_r(map->entries, map->count, sizeof(*map->entries), by_key, &map->key_size);
	}
}

void trial_free(struct trial *run, uint32_t frame_count)
{
	for (uint32_t i = 0; run->results && i < frame_count; i++)
		free(run->results[i].data);
	for (uint32_t m = 0; m < run->map_count; m++) {
		for (uint32_t i = 0; i < run->maps[m].count; i++) {
			free(run->maps[m].entries[i].key);
			free(run->maps[m].entries[i].value);
		}
		free(run->maps[m].entries);
		free(run->maps[m].value_sizes);
	}
	free(run->maps);
	free(run->results);
	*run = (struct trial){0};
}
