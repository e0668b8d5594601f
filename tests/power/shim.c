/* Stands between the register and its SQLite file, by LD_PRELOAD, and keeps a journal of what a disk would be told: each
 * write, cut, making and removing of the file and of what lies beside it, and each wait for the disk. What was written and
 * not waited for may be lost when the power is cut; tests/all/power.rs makes from the journal what could be left.
 *
 *   POWER_DATABASE   the file, by its whole path; -wal and -journal beside it count too, -shm does not
 *   POWER_JOURNAL    where the journal goes
 *   POWER_CUT_AT     the power is cut before this one of its entries, counted from 1; 0 for never
 *   POWER_DEAF       1: a wait for the -wal returns at once and is not noted, which is what synchronous = NORMAL leaves out
 *
 * An entry is a letter, the file (0 itself, 1 -wal, 2 -journal), two numbers of 64 bits and, for a write, its bytes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST = 65536, FOLDER = 100 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *database;
static char folder[4096];
static int journal = -1;
static int deaf;
static uint64_t entries, cut_at;
/* What each descriptor is: 0 nothing of ours, else 1 + the file. */
static unsigned char known[MOST];

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("POWER_JOURNAL");
    database = getenv("POWER_DATABASE");
    if (!path || !database) return;
    deaf = getenv("POWER_DEAF") != NULL;
    cut_at = strtoull(getenv("POWER_CUT_AT") ? getenv("POWER_CUT_AT") : "0", NULL, 10);
    snprintf(folder, sizeof folder, "%s", database);
    char *slash = strrchr(folder, '/');
    if (slash) *slash = 0;
    int (*open_it)(const char *, int, ...) = next("open64");
    journal = open_it(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (journal < 0) abort();
}

/* 1 + the file that a path is, or 0. */
static int file_of(const char *path) {
    if (journal < 0 || !path) return 0;
    size_t length = strlen(database);
    if (strncmp(path, database, length) == 0) {
        if (strcmp(path + length, "") == 0) return 1;
        if (strcmp(path + length, "-wal") == 0) return 2;
        if (strcmp(path + length, "-journal") == 0) return 3;
    }
    return strcmp(path, folder) == 0 ? 1 + FOLDER : 0;
}

static int kind(int fd) { return fd >= 0 && fd < MOST && journal >= 0 ? known[fd] : 0; }

/* Whoever calls it has the turn: what is done and what stands in the journal have one order. */
static void note(char what, int file, uint64_t one, uint64_t two, const void *bytes) {
    if (++entries == cut_at) raise(SIGKILL);
    unsigned char head[18] = {(unsigned char)what, (unsigned char)(file - 1)};
    memcpy(head + 2, &one, 8);
    memcpy(head + 10, &two, 8);
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, bytes ? two : 0}};
    if (writev(journal, parts, 2) != (ssize_t)(sizeof head + (bytes ? two : 0))) abort();
}

static int opened(const char *name, const char *path, int flags, mode_t mode) {
    int (*real)(const char *, int, ...) = next(name);
    int file = file_of(path);
    if (!file) return real(path, flags, mode);
    pthread_mutex_lock(&turn);
    int is_new = file < FOLDER && (flags & O_CREAT) && access(path, F_OK) != 0;
    int fd = real(path, flags, mode);
    int fault = errno;
    if (fd >= MOST) abort();
    if (fd >= 0) {
        known[fd] = (unsigned char)file;
        if (is_new) note('C', file, 0, 0, NULL);
        if (file < FOLDER && (flags & O_TRUNC)) note('T', file, 0, 0, NULL);
    }
    pthread_mutex_unlock(&turn);
    errno = fault;
    return fd;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                        \
        va_end(rest);                                                                                                  \
        return opened(#name, path, flags, mode);                                                                       \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    int (*real)(int) = next("close");
    if (kind(fd)) {
        pthread_mutex_lock(&turn);
        known[fd] = 0;
        pthread_mutex_unlock(&turn);
    }
    return real(fd);
}

int unlink(const char *path) {
    int (*real)(const char *) = next("unlink");
    int file = file_of(path);
    if (!file || file > FOLDER) return real(path);
    pthread_mutex_lock(&turn);
    if (access(path, F_OK) == 0) note('U', file, 0, 0, NULL);
    int done = real(path);
    int fault = errno;
    pthread_mutex_unlock(&turn);
    errno = fault;
    return done;
}

static ssize_t written(const char *name, int fd, const void *bytes, size_t size, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = next(name);
    if (!kind(fd)) return real(fd, bytes, size, at);
    pthread_mutex_lock(&turn);
    note('W', kind(fd), (uint64_t)at, size, bytes);
    ssize_t done = real(fd, bytes, size, at);
    int fault = errno;
    /* A disk of the tests has room. */
    if (done != (ssize_t)size) abort();
    pthread_mutex_unlock(&turn);
    errno = fault;
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { return written("pwrite", fd, bytes, size, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) { return written("pwrite64", fd, bytes, size, at); }

/* SQLite says where it writes; if it ever writes where the last one ended, this must learn of it. */
ssize_t write(int fd, const void *bytes, size_t size) {
    ssize_t (*real)(int, const void *, size_t) = next("write");
    if (kind(fd)) abort();
    return real(fd, bytes, size);
}

static int cut(const char *name, int fd, off64_t size) {
    int (*real)(int, off64_t) = next(name);
    if (!kind(fd)) return real(fd, size);
    pthread_mutex_lock(&turn);
    note('T', kind(fd), (uint64_t)size, 0, NULL);
    int done = real(fd, size);
    int fault = errno;
    pthread_mutex_unlock(&turn);
    errno = fault;
    return done;
}

int ftruncate(int fd, off_t size) { return cut("ftruncate", fd, size); }
int ftruncate64(int fd, off64_t size) { return cut("ftruncate64", fd, size); }

/* What is waited for is safe when the journal says so: the disk itself is not asked. */
static int waited(const char *name, int fd) {
    int (*real)(int) = next(name);
    int file = kind(fd);
    if (!file) return real(fd);
    if (deaf && file == 2) return 0;
    pthread_mutex_lock(&turn);
    note(file > FOLDER ? 'D' : 'S', file, 0, 0, NULL);
    pthread_mutex_unlock(&turn);
    return 0;
}

int fsync(int fd) { return waited("fsync", fd); }
int fdatasync(int fd) { return waited("fdatasync", fd); }
