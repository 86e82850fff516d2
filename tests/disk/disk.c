/* A disk that is watched, and slow when asked to be: loaded before libc (LD_PRELOAD) into the process under test.
 *
 * LAYAR_DISK_ROOT     only files under this folder
 * LAYAR_DISK_TRACE    every write, truncation and sync of them goes here, with its bytes, in the order of completion
 * LAYAR_DISK_SYNC_US  every sync of them takes so many microseconds longer
 *
 * A record is: kind, length of the name, number, offset, length, name, bytes. Kinds: w write, t truncate,
 * b a sync begins, e the sync of that number has ended. What a sync covers was recorded before its beginning.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct head { char kind; char pad; uint16_t name; uint32_t number; uint64_t offset; uint64_t length; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static uint32_t syncs = 0;
static long slow_us = 0;
static char root[4096];
static size_t root_length = 0;

__attribute__((constructor)) static void begin(void) {
  const char *said = getenv("LAYAR_DISK_ROOT"), *to = getenv("LAYAR_DISK_TRACE"), *slow = getenv("LAYAR_DISK_SYNC_US");
  if (!said || !realpath(said, root)) return;
  root_length = strlen(root);
  if (slow) slow_us = atol(slow);
  if (to) trace = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* The name of an open file under the root, or NULL. */
static const char *name_of(int fd, char *path, size_t size) {
  char link[64];
  if (!root_length || fd == trace) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length <= (ssize_t)root_length || strncmp(path, root, root_length) || path[root_length] != '/') return NULL;
  path[length] = 0;
  return path + root_length + 1;
}

static void put(char kind, const char *name, uint32_t number, uint64_t offset, const void *bytes, uint64_t length) {
  struct head head = {kind, 0, (uint16_t)strlen(name), number, offset, length};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)name, head.name}, {(void *)bytes, bytes ? length : 0}};
  syscall(SYS_writev, trace, parts, 3);
}

static void note(char kind, int fd, uint64_t offset, const void *bytes, uint64_t length) {
  char path[4096];
  const char *name = trace < 0 ? NULL : name_of(fd, path, sizeof path);
  if (!name) return;
  pthread_mutex_lock(&lock);
  put(kind, name, 0, offset, bytes, length);
  pthread_mutex_unlock(&lock);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  off_t at = trace < 0 ? -1 : lseek(fd, 0, SEEK_CUR);
  if (at >= 0 && fcntl(fd, F_GETFL) & O_APPEND) at = lseek(fd, 0, SEEK_END);
  ssize_t written = syscall(SYS_write, fd, bytes, length);
  if (written > 0 && at >= 0) note('w', fd, at, bytes, written);
  return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  ssize_t written = syscall(SYS_pwrite64, fd, bytes, length, at);
  if (written > 0) note('w', fd, at, bytes, written);
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }

int ftruncate64(int fd, off64_t size) {
  int failed = syscall(SYS_ftruncate, fd, size);
  if (!failed) note('t', fd, size, NULL, 0);
  return failed;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(long call, int fd) {
  char path[4096];
  const char *name = name_of(fd, path, sizeof path);
  uint32_t number = 0;
  if (name && trace >= 0) {
    pthread_mutex_lock(&lock);
    put('b', name, number = ++syncs, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  if (name && slow_us) usleep(slow_us);
  int failed = syscall(call, fd);
  if (name && trace >= 0 && !failed) {
    pthread_mutex_lock(&lock);
    put('e', name, number, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  return failed;
}

int fsync(int fd) { return synced(SYS_fsync, fd); }
int fdatasync(int fd) { return synced(SYS_fdatasync, fd); }
