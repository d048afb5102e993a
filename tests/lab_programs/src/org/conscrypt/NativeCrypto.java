package org.conscrypt;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/** A stand-in of the class of that name: TLS by a library of C, to which it hands the bytes of arrays. */
public final class NativeCrypto {
    private static final Unsafe MEMORY = memory();

    private NativeCrypto() {}

    static native long open(int proxy);

    static native int send(long ssl, long data, int size);

    static native int receive(long ssl, long room, int size);

    static native void free(long ssl);

    static int write(long ssl, byte[] data, int start, int size) {
        long copy = MEMORY.allocateMemory(size);
        MEMORY.copyMemory(data, Unsafe.ARRAY_BYTE_BASE_OFFSET + start, null, copy, size);
        int done = send(ssl, copy, size);
        MEMORY.freeMemory(copy);
        return done;
    }

    static int read(long ssl, byte[] room, int start, int size) {
        long copy = MEMORY.allocateMemory(size);
        int done = receive(ssl, copy, size);
        if (done > 0) {
            MEMORY.copyMemory(null, copy, room, Unsafe.ARRAY_BYTE_BASE_OFFSET + start, done);
        }
        MEMORY.freeMemory(copy);
        return done;
    }

    private static Unsafe memory() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
