// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading and writing files and sockets, as instrumented code calls it (library.h): the kernel is
// given the pieces where the host has them, judged. Fewer bytes than asked for are what such a call
// may do, and 64 pieces hold any datagram.
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdio>

#include "runtime/access/library.h"

using namespace flushdep::library;
using flushdep::AccessRequest;
using flushdep::Api;
using flushdep::Va;

namespace {

class Pieces {
 public:
  // The pieces of a buffer; false if that was all there is room for.
  bool Add(const void* buffer, size_t size, bool write, const AccessRequest& access) {
    Api api(FLUSHDEP_WHY_NONE, access.site);
    for (size_t done = 0; done < size;) {
      const size_t piece = flushdep::Piece(Va(buffer) + done, size - done);
      char* host = Translate(Va(buffer) + done, piece, write, access);
      if (!Append(host, piece)) return false;
      done += piece;
    }
    return true;
  }

  const iovec* data() const { return pieces_; }
  iovec* data() { return pieces_; }
  int count() const { return count_; }

 private:
  static constexpr int kMost = 64;

  bool Append(char* host, size_t size) {
    if (count_ > 0) {
      iovec& last = pieces_[count_ - 1];
      if (static_cast<char*>(last.iov_base) + last.iov_len == host) {
        last.iov_len += size;
        return true;
      }
    }
    if (count_ == kMost) return false;
    pieces_[count_++] = {host, size};
    return true;
  }

  iovec pieces_[kMost];
  int count_ = 0;
};

using Call = ssize_t (*)(int, const iovec*, int, off_t);

ssize_t ReadPieces(int file, const iovec* pieces, int count, off_t) {
  return readv(file, pieces, count);
}
ssize_t WritePieces(int file, const iovec* pieces, int count, off_t) {
  return writev(file, pieces, count);
}

ssize_t Transfer(const void* buffer, size_t size, bool write, const AccessRequest& access,
                 Call call, int file, off_t offset = 0) {
  Pieces pieces;
  pieces.Add(buffer, size, write, access);
  return call(file, pieces.data(), pieces.count(), offset);
}

// The vector itself may be anywhere, too.
ssize_t TransferAll(const iovec* buffers, int count, bool write, const AccessRequest& access,
                    Call call, int file, off_t offset = 0) {
  bool plain = count <= 0 || IsPlain(buffers, static_cast<size_t>(count) * sizeof(*buffers));
  for (int i = 0; plain && i < count; i++) plain = IsPlain(buffers[i].iov_base, buffers[i].iov_len);
  if (plain) return call(file, buffers, count, offset);
  Pieces pieces;
  for (int i = 0; i < count; i++) {
    iovec buffer;
    Copy(&buffer, &buffers[i], sizeof(buffer), access);
    if (!pieces.Add(buffer.iov_base, buffer.iov_len, write, access)) break;
  }
  return call(file, pieces.data(), pieces.count(), offset);
}

ssize_t Receive(int socket, void* buffer, size_t size, int flags, sockaddr* from,
                socklen_t* from_size, const AccessRequest& access) {
  Pieces pieces;
  pieces.Add(buffer, size, true, access);
  msghdr message = {};
  message.msg_name = from;
  message.msg_namelen = from_size != nullptr ? *from_size : 0;
  message.msg_iov = pieces.data();
  message.msg_iovlen = static_cast<size_t>(pieces.count());
  const ssize_t got = recvmsg(socket, &message, flags);
  if (got >= 0 && from_size != nullptr) *from_size = message.msg_namelen;
  return got;
}

ssize_t Send(int socket, const void* buffer, size_t size, int flags, const sockaddr* to,
             socklen_t to_size, const AccessRequest& access) {
  Pieces pieces;
  pieces.Add(buffer, size, false, access);
  msghdr message = {};
  message.msg_name = const_cast<sockaddr*>(to);
  message.msg_namelen = to_size;
  message.msg_iov = pieces.data();
  message.msg_iovlen = static_cast<size_t>(pieces.count());
  return sendmsg(socket, &message, flags);
}

// All of it, as far as the stream goes: bytes.
size_t Stream(void* buffer, size_t size, bool write, const AccessRequest& access, FILE* stream) {
  size_t done = 0;
  while (done < size) {
    const size_t piece = flushdep::Piece(Va(buffer) + done, size - done);
    char* host;
    {
      Api api(FLUSHDEP_WHY_NONE, access.site);
      host = Translate(Va(buffer) + done, piece, write, access);
    }
    const size_t moved = write ? fread(host, 1, piece, stream) : fwrite(host, 1, piece, stream);
    done += moved;
    if (moved < piece) break;
  }
  return done;
}

}  // namespace

FLUSHDEP_API ssize_t __flushdep_read(int file, void* buffer, size_t size) {
  if (IsPlain(buffer, size)) return read(file, buffer, size);
  return Transfer(buffer, size, true, FLUSHDEP_REQUEST, ReadPieces, file);
}
FLUSHDEP_API ssize_t __flushdep_pread(int file, void* buffer, size_t size, off_t offset) {
  if (IsPlain(buffer, size)) return pread(file, buffer, size, offset);
  return Transfer(buffer, size, true, FLUSHDEP_REQUEST, preadv, file, offset);
}
FLUSHDEP_API ssize_t __flushdep_write(int file, const void* buffer, size_t size) {
  if (IsPlain(buffer, size)) return write(file, buffer, size);
  return Transfer(buffer, size, false, FLUSHDEP_REQUEST, WritePieces, file);
}
FLUSHDEP_API ssize_t __flushdep_pwrite(int file, const void* buffer, size_t size, off_t offset) {
  if (IsPlain(buffer, size)) return pwrite(file, buffer, size, offset);
  return Transfer(buffer, size, false, FLUSHDEP_REQUEST, pwritev, file, offset);
}
// What off_t is called where files are large: the same on x86-64.
FLUSHDEP_API ssize_t __flushdep_pread64(int file, void* buffer, size_t size, off_t offset) {
  if (IsPlain(buffer, size)) return pread(file, buffer, size, offset);
  return Transfer(buffer, size, true, FLUSHDEP_REQUEST, preadv, file, offset);
}
FLUSHDEP_API ssize_t __flushdep_pwrite64(int file, const void* buffer, size_t size, off_t offset) {
  if (IsPlain(buffer, size)) return pwrite(file, buffer, size, offset);
  return Transfer(buffer, size, false, FLUSHDEP_REQUEST, pwritev, file, offset);
}

FLUSHDEP_API ssize_t __flushdep_readv(int file, const iovec* buffers, int count) {
  return TransferAll(buffers, count, true, FLUSHDEP_REQUEST, ReadPieces, file);
}
FLUSHDEP_API ssize_t __flushdep_writev(int file, const iovec* buffers, int count) {
  return TransferAll(buffers, count, false, FLUSHDEP_REQUEST, WritePieces, file);
}
FLUSHDEP_API ssize_t __flushdep_preadv(int file, const iovec* buffers, int count, off_t offset) {
  return TransferAll(buffers, count, true, FLUSHDEP_REQUEST, preadv, file, offset);
}
FLUSHDEP_API ssize_t __flushdep_pwritev(int file, const iovec* buffers, int count, off_t offset) {
  return TransferAll(buffers, count, false, FLUSHDEP_REQUEST, pwritev, file, offset);
}

FLUSHDEP_API ssize_t __flushdep_recv(int socket, void* buffer, size_t size, int flags) {
  if (IsPlain(buffer, size)) return recv(socket, buffer, size, flags);
  return Receive(socket, buffer, size, flags, nullptr, nullptr, FLUSHDEP_REQUEST);
}
FLUSHDEP_API ssize_t __flushdep_recvfrom(int socket, void* buffer, size_t size, int flags,
                                         sockaddr* from, socklen_t* from_size) {
  if (IsPlain(buffer, size)) return recvfrom(socket, buffer, size, flags, from, from_size);
  return Receive(socket, buffer, size, flags, from, from_size, FLUSHDEP_REQUEST);
}
FLUSHDEP_API ssize_t __flushdep_send(int socket, const void* buffer, size_t size, int flags) {
  if (IsPlain(buffer, size)) return send(socket, buffer, size, flags);
  return Send(socket, buffer, size, flags, nullptr, 0, FLUSHDEP_REQUEST);
}
FLUSHDEP_API ssize_t __flushdep_sendto(int socket, const void* buffer, size_t size, int flags,
                                       const sockaddr* to, socklen_t to_size) {
  if (IsPlain(buffer, size)) return sendto(socket, buffer, size, flags, to, to_size);
  return Send(socket, buffer, size, flags, to, to_size, FLUSHDEP_REQUEST);
}

FLUSHDEP_API size_t __flushdep_fread(void* buffer, size_t size, size_t count, FILE* stream) {
  if (IsPlain(buffer, size * count)) return fread(buffer, size, count, stream);
  return Stream(buffer, size * count, true, FLUSHDEP_REQUEST, stream) / size;
}
FLUSHDEP_API size_t __flushdep_fwrite(const void* buffer, size_t size, size_t count, FILE* stream) {
  if (IsPlain(buffer, size * count)) return fwrite(buffer, size, count, stream);
  return Stream(const_cast<void*>(buffer), size * count, false, FLUSHDEP_REQUEST, stream) / size;
}

// Fortified forms.
FLUSHDEP_API ssize_t __flushdep___read_chk(int file, void* buffer, size_t size, size_t room) {
  RequireRoom(size, room);
  if (IsPlain(buffer, size)) return read(file, buffer, size);
  return Transfer(buffer, size, true, FLUSHDEP_REQUEST, ReadPieces, file);
}
FLUSHDEP_API ssize_t __flushdep___pread_chk(int file, void* buffer, size_t size, off_t offset,
                                            size_t room) {
  RequireRoom(size, room);
  if (IsPlain(buffer, size)) return pread(file, buffer, size, offset);
  return Transfer(buffer, size, true, FLUSHDEP_REQUEST, preadv, file, offset);
}
FLUSHDEP_API ssize_t __flushdep___pread64_chk(int file, void* buffer, size_t size, off_t offset,
                                              size_t room) {
  RequireRoom(size, room);
  if (IsPlain(buffer, size)) return pread(file, buffer, size, offset);
  return Transfer(buffer, size, true, FLUSHDEP_REQUEST, preadv, file, offset);
}
FLUSHDEP_API ssize_t __flushdep___recv_chk(int socket, void* buffer, size_t size, size_t room,
                                           int flags) {
  RequireRoom(size, room);
  if (IsPlain(buffer, size)) return recv(socket, buffer, size, flags);
  return Receive(socket, buffer, size, flags, nullptr, nullptr, FLUSHDEP_REQUEST);
}
FLUSHDEP_API size_t __flushdep___fread_chk(void* buffer, size_t room, size_t size, size_t count,
                                           FILE* stream) {
  RequireRoom(size * count, room);
  if (IsPlain(buffer, size * count)) return fread(buffer, size, count, stream);
  return Stream(buffer, size * count, true, FLUSHDEP_REQUEST, stream) / size;
}
