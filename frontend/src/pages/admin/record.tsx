/** /admin/consultas/:callId: one record of any doctor. */
import { useParams } from "wouter";
import { RecordView } from "../records/record-view";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";

export default function AdminRecordPage() {
  const { callId } = useParams<{ callId: string }>();
  return (
    <Gate only="admin">
      {(user) => (
        <Frame user={user}>
          <RecordView callId={callId} />
        </Frame>
      )}
    </Gate>
  );
}
