/* A disk that fails or is slow, for tests: LD_PRELOAD. One call in a row of calls on files whose path has a given piece
 * fails, once or from then on; syncs of the files of two other pieces are counted, and take longer. Both are told by a file
 * that is mapped by both sides (tests/faults/io_driver.py, tests/bench/slow_media.py). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { SYNC = 1, TRUNCATE = 2, WRITE = 4, READ = 8, OPEN = 16 };

struct control {
  volatile int armed, calls, pass, forever, error, hits;
  char piece[104];
  struct { char piece[104]; volatile int syncs, delay_us; } slow[2];
};

static struct control *control(void) {
  static struct control *map;
  static int tried;
  if (!tried) {
    tried = 1;
    const char *name = getenv("FAILING_CALLS");
    int fd = name ? open(name, O_RDWR) : -1;
    if (fd >= 0) {
      void *at = mmap(NULL, sizeof *map, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      if (at != MAP_FAILED) map = at;
    }
  }
  return map;
}

static int fails(const char *path, int call) {
  struct control *c = control();
  if (!c || !c->armed || !(c->calls & call) || !path || !strstr(path, c->piece)) return 0;
  if (c->pass > 0) { c->pass--; return 0; }
  if (!c->forever) c->armed = 0;
  c->hits++;
  errno = c->error;
  return 1;
}

static int fails_at(int fd, int call) {
  struct control *c = control();
  if (!c || !c->armed || !(c->calls & call)) return 0;
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return fails(path, call);
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void slow_down(int fd) {
  struct control *c = control();
  if (!c || (!c->slow[0].piece[0] && !c->slow[1].piece[0])) return;
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return;
  path[n] = 0;
  for (int i = 0; i < 2; i++)
    if (c->slow[i].piece[0] && strstr(path, c->slow[i].piece)) {
      __sync_fetch_and_add(&c->slow[i].syncs, 1);
      if (c->slow[i].delay_us) usleep(c->slow[i].delay_us);
    }
}

int fsync(int fd) { REAL(fsync); slow_down(fd); return fails_at(fd, SYNC) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); slow_down(fd); return fails_at(fd, SYNC) ? -1 : real(fd); }
int ftruncate(int fd, off_t to) { REAL(ftruncate); return fails_at(fd, TRUNCATE) ? -1 : real(fd, to); }
int ftruncate64(int fd, off64_t to) { REAL(ftruncate64); return fails_at(fd, TRUNCATE) ? -1 : real(fd, to); }
ssize_t write(int fd, const void *p, size_t n) { REAL(write); return fails_at(fd, WRITE) ? -1 : real(fd, p, n); }
ssize_t pwrite(int fd, const void *p, size_t n, off_t at) { REAL(pwrite); return fails_at(fd, WRITE) ? -1 : real(fd, p, n, at); }
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at) { REAL(pwrite64); return fails_at(fd, WRITE) ? -1 : real(fd, p, n, at); }
ssize_t read(int fd, void *p, size_t n) { REAL(read); return fails_at(fd, READ) ? -1 : real(fd, p, n); }
ssize_t pread(int fd, void *p, size_t n, off_t at) { REAL(pread); return fails_at(fd, READ) ? -1 : real(fd, p, n, at); }
ssize_t pread64(int fd, void *p, size_t n, off64_t at) { REAL(pread64); return fails_at(fd, READ) ? -1 : real(fd, p, n, at); }

#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \
    return fails(path, OPEN) ? -1 : real(path, flags, mode); \
  }
OPENS(open)
OPENS(open64)
