package org.conscrypt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A stand-in of the class of that name: its streams hand everything to a native library. */
public final class ConscryptFileDescriptorSocket extends AbstractConscryptSocket {
    private final long ssl;

    public ConscryptFileDescriptorSocket(String hostname, int proxy) {
        super(hostname);
        this.ssl = NativeCrypto.open(proxy);
    }

    @Override
    public OutputStream getOutputStream() {
        return new SSLOutputStream();
    }

    @Override
    public InputStream getInputStream() {
        return new SSLInputStream();
    }

    @Override
    public void close() {
        NativeCrypto.free(ssl);
    }

    private final class SSLOutputStream extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] data, int start, int size) throws IOException {
            if (NativeCrypto.write(ssl, data, start, size) != size) {
                throw new IOException("not sent");
            }
        }
    }

    private final class SSLInputStream extends InputStream {
        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) == 1 ? one[0] & 255 : -1;
        }

        @Override
        public int read(byte[] room, int start, int size) {
            int done = NativeCrypto.read(ssl, room, start, size);
            return done > 0 ? done : -1;
        }
    }
}
