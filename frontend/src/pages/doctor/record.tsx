/** /painel/historico/:callId: one record of the doctor's own. */
import { useParams } from "wouter";
import { RecordView } from "../records/record-view";
import { Frame } from "../staff/frame";
import { Gate } from "../staff/gate";

export default function RecordPage() {
  const { callId } = useParams<{ callId: string }>();
  return (
    <Gate only="doctor">
      {(user) => (
        <Frame user={user}>
          <RecordView callId={callId} own />
        </Frame>
      )}
    </Gate>
  );
}
