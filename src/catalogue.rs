//! The catalogue of every SQL statement in the program. A test prepares all of them on both engines.

use crate::db::Statement;
use crate::directory::{
    amendment, application, client, external_id_store, group, mailing, membership, module, organisation, project,
    registration, user,
};
use crate::factors;
use crate::notify;
use crate::oidc;
use crate::proofs;
use crate::push;
use crate::sessions;
use crate::signals;
use crate::tokens;
use crate::{agreements, audit, authority, delegation};

/// The catalogues of all stores. A store that is not listed here is found by the architecture test.
pub fn statements() -> Vec<Statement> {
    let catalogues: &[&[Statement]] = &[
        agreements::store::CATALOGUE,
        amendment::document_store::CATALOGUE,
        amendment::store::CATALOGUE,
        application::environment_store::CATALOGUE,
        application::store::CATALOGUE,
        audit::store::CATALOGUE,
        authority::amendment_store::CATALOGUE,
        authority::deputy_store::CATALOGUE,
        authority::hold_store::CATALOGUE,
        authority::project_store::CATALOGUE,
        authority::registration_store::CATALOGUE,
        authority::store::CATALOGUE,
        delegation::deputy::store::CATALOGUE,
        delegation::nomination::store::CATALOGUE,
        delegation::place_store::CATALOGUE,
        delegation::recertification::store::CATALOGUE,
        delegation::request::store::CATALOGUE,
        delegation::store::CATALOGUE,
        client::activity::store::CATALOGUE,
        client::logo_store::CATALOGUE,
        client::origin_store::CATALOGUE,
        client::registration::store::CATALOGUE,
        client::secret_store::CATALOGUE,
        client::entry_store::CATALOGUE,
        client::store::CATALOGUE,
        external_id_store::CATALOGUE,
        group::store::CATALOGUE,
        mailing::store::CATALOGUE,
        membership::access_store::CATALOGUE,
        membership::change_store::CATALOGUE,
        membership::store::CATALOGUE,
        module::catalogue_store::CATALOGUE,
        module::proposal_store::CATALOGUE,
        module::store::CATALOGUE,
        oidc::store::CATALOGUE,
        organisation::describe::store::CATALOGUE,
        organisation::ending_store::CATALOGUE,
        organisation::look_up::store::CATALOGUE,
        organisation::look_up::word_store::CATALOGUE,
        organisation::managing_store::CATALOGUE,
        organisation::name_key_store::CATALOGUE,
        organisation::people_store::CATALOGUE,
        organisation::search_store::CATALOGUE,
        organisation::store::CATALOGUE,
        project::store::CATALOGUE,
        proofs::once_store::CATALOGUE,
        push::desired_store::CATALOGUE,
        push::progress_store::CATALOGUE,
        push::resource_store::CATALOGUE,
        push::target_store::CATALOGUE,
        push::work_store::CATALOGUE,
        registration::store::CATALOGUE,
        factors::known_store::CATALOGUE,
        factors::link_store::CATALOGUE,
        factors::password_store::CATALOGUE,
        factors::phone_store::CATALOGUE,
        factors::secret_store::CATALOGUE,
        factors::throttle_store::CATALOGUE,
        notify::number_store::CATALOGUE,
        notify::outbox_store::CATALOGUE,
        sessions::sign_in_store::CATALOGUE,
        sessions::parked_store::CATALOGUE,
        sessions::store::CATALOGUE,
        sessions::told_store::CATALOGUE,
        tokens::consent_store::CATALOGUE,
        tokens::delegated_store::CATALOGUE,
        tokens::device_store::CATALOGUE,
        tokens::family_store::CATALOGUE,
        tokens::family_store::TOGETHER,
        tokens::key_store::CATALOGUE,
        tokens::opaque_store::CATALOGUE,
        tokens::provisioning_store::CATALOGUE,
        tokens::pushed_store::CATALOGUE,
        tokens::revoked_store::CATALOGUE,
        signals::delivery_store::CATALOGUE,
        signals::store::CATALOGUE,
        signals::stream::store::CATALOGUE,
        user::condition_store::CATALOGUE,
        user::contact_store::CATALOGUE,
        user::lapse_store::CATALOGUE,
        user::password_due_store::CATALOGUE,
        user::pushed_store::CATALOGUE,
        user::row_store::CATALOGUE,
        user::search_store::CATALOGUE,
        user::scratch_store::CATALOGUE,
        user::store::CATALOGUE,
    ];
    catalogues.concat()
}
