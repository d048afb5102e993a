package android.provider;

import android.net.Uri;

public final class Telephony {
    Telephony() {}

    public static final class Sms implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://sms");
        public static final String ADDRESS = "address";
        public static final String BODY = "body";
        public static final String DATE = "date";

        Sms() {}

        public static final class Inbox implements BaseColumns {
            public static final Uri CONTENT_URI = Uri.parse("content://sms/inbox");

            Inbox() {}
        }
    }
}
