package android.provider;

import android.net.Uri;

public final class MediaStore {
    public MediaStore() {}

    public static final class Images {
        public Images() {}

        public static final class Media {
            public static final Uri EXTERNAL_CONTENT_URI = Uri.parse("content://media/external/images/media");

            public Media() {}
        }
    }

    public static final class Video {
        public Video() {}

        public static final class Media {
            public static final Uri EXTERNAL_CONTENT_URI = Uri.parse("content://media/external/video/media");

            public Media() {}
        }
    }
}
